import type { Value } from "../api/exact.ts";
import { exact, format } from "../numbers/format.ts";
import { bucketLabel, bucketTitle, dayText, type Interval } from "../time/labels.ts";
import { type Data, statesOf } from "./drawing.ts";
import { type Bucket, numberAt, type Series } from "./series.ts";

/** `30 days`, `1 hour`. */
const lengthText = (count: number, interval: Interval) => `${count} ${interval}${count === 1 ? "" : "s"}`;

/** What a chart shows, in a sentence: `Revenue, 30 days; highest 14 Nov $310.00; lowest 2 Nov $12.00; 28 Nov so far $96.00.` */
export function sentenceOf(data: Data, label: string): string {
  const states = statesOf(data);
  const parts = data.series.slice(0, 6).map((series) => {
    const about = aboutOf(data, series, (bucket) => states[bucket] === "whole" || states[bucket] === "partial");
    return data.series.length > 1 ? `${series.label}: ${about}` : about;
  });
  const more = data.series.length > 6 ? [`and ${data.series.length - 6} more`] : [];
  return `${[`${label}, ${lengthText(data.buckets.length, data.interval)}`, ...parts, ...more].join("; ")}.`;
}

function aboutOf(data: Data, series: Series, isShown: (bucket: number) => boolean): string {
  const { buckets } = data;
  const there = buckets.flatMap((_, bucket) =>
    isShown(bucket) && numberAt(series.values, bucket) !== null ? [bucket] : [],
  );
  if (there.length === 0) return "no values";
  const at = (bucket: number) => numberAt(series.values, bucket) as number;
  const text = (bucket: number, remark = "") =>
    `${shortName(data, bucket)} ${remark}${format(series.values[bucket] ?? null, series.unit ?? data.unit, data.money)}`;
  const whole = there.filter((bucket) => !buckets[bucket]?.partial);
  const best = (isBetter: (one: number, other: number) => boolean) =>
    whole.reduce((found, bucket) => (isBetter(at(bucket), at(found)) ? bucket : found));
  const last = there.at(-1) as number;
  return [
    ...(whole.length > 0 ? [`highest ${text(best((one, other) => one > other))}`] : []),
    ...(whole.length > 1 ? [`lowest ${text(best((one, other) => one < other))}`] : []),
    ...(buckets[last]?.partial ? [text(last, "so far ")] : []),
  ].join(", ");
}

/** `14 Nov`, `14 Nov 06:00`. */
function shortName({ buckets, interval, zone }: Data, bucket: number): string {
  const { timestamp } = buckets[bucket] as Bucket;
  const label = bucketLabel(timestamp, interval, zone);
  return interval === "hour" || interval === "minute" ? `${dayText(timestamp, zone)} ${label}` : label;
}

/** The full name of a bucket. */
export function titleOf(
  { buckets, interval, zone }: Pick<Data, "buckets" | "interval" | "zone">,
  bucket: number,
): string {
  return bucketTitle((buckets[bucket] as Bucket).timestamp, buckets[bucket + 1]?.timestamp ?? null, interval, zone);
}

/** What is spoken of a bucket when the keyboard has come to it. */
export function spokenOf(data: Data, bucket: number, remark: string): string {
  const state = statesOf(data)[bucket];
  if (state === "late" || state === "early") return `${titleOf(data, bucket)}, ${remark}`;
  const value = (series: Series, of: number): Value | null => series.values[of] ?? null;
  const now = data.series.map((series) => {
    const text = exact(value(series, bucket), series.unit ?? data.unit, data.money);
    return `${series.label} ${value(series, bucket) === null ? "no value" : text}`;
  });
  return [titleOf(data, bucket), ...now, remark].filter(Boolean).join(", ");
}
