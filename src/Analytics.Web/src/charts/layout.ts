import { type Axis, axisOf } from "../numbers/axis.ts";
import type { Money } from "../numbers/money.ts";
import type { Unit } from "../numbers/units.ts";
import { bucketLabel, dayText, type Interval } from "../time/labels.ts";
import { wallOf } from "../time/zone.ts";
import { xTicks } from "./calendar.ts";
import type { Bucket } from "./series.ts";

/** Where everything of a chart stands, in pixels: the x of a bucket follows from its number, never from its time. */
export interface Layout {
  width: number;
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
  /** The width of a bucket. */
  step: number;
  count: number;
  axis: Axis;
  /** The labels below: of the bucket, and of the one it is compared with. */
  labels: Label[];
  /** The unfinished last bar, where it is wide enough for words above it. */
  soFarAbove: number | null;
}

export interface Label {
  x: number;
  anchor: "start" | "middle" | "end";
  text: string;
  before?: string;
  start: number;
  end: number;
}

interface Asked {
  width: number;
  height: number;
  buckets: readonly Bucket[];
  before: readonly Bucket[] | undefined;
  interval: Interval;
  zone: string;
  unit: Unit;
  money: Money;
  /** The lowest and the highest of what is drawn. */
  extent: [low: number, high: number];
  /** The longest text at the lines' ends. */
  endLength: number;
  /** The last bar, where it is unfinished: it says so. */
  soFarAt: number | null;
}

/** About how wide a character is; labels are short, so a guess is good enough. */
const character = 6.8;

const most = 8;

export function layoutOf(asked: Asked): Layout {
  const { width, height, buckets } = asked;
  const axis = axisOf(...asked.extent, asked.unit, asked.money);
  const left = 10 + Math.ceil(character * Math.max(...axis.ticks.map((tick) => tick.text.length)));
  const right = width - (asked.endLength > 0 ? 18 + Math.ceil(character * asked.endLength) : 8);
  const count = buckets.length;
  const frame = { width, height, left, right, top: 18, bottom: height - (asked.before ? 40 : 24), count };
  const layout = { ...frame, step: Math.max(0, right - left) / Math.max(1, count), axis, labels: [], soFarAbove: null };
  const isAbove = layout.step > roomy;
  return {
    ...layout,
    soFarAbove: isAbove ? asked.soFarAt : null,
    labels: labelsOf(isAbove ? { ...asked, soFarAt: null } : asked, layout),
  };
}

export const xOf = (layout: Layout, bucket: number): number => layout.left + (bucket + 0.5) * layout.step;

export function yOf({ axis, top, bottom }: Layout, value: number): number {
  return bottom - ((value - axis.low) / (axis.high - axis.low)) * (bottom - top);
}

/** The bucket at an x, the nearest one beside the plot. */
export function bucketAt({ left, step, count }: Layout, x: number): number {
  return Math.min(count - 1, Math.max(0, Math.floor((x - left) / step)));
}

/** Wide enough for words above a single bar. */
const roomy = 52;

/** The least room between labels. */
const gap = 6;

export const soFar = "so far";

/** Dates, and below an unfinished last bar that it is one, instead of dates that would lie there. */
function labelsOf(asked: Asked, layout: Layout): Label[] {
  const labels = datesOf(asked, layout);
  if (asked.soFarAt === null) return labels;
  const note = labelAt(layout, asked.soFarAt, soFar, soFar.length);
  return [...labels.filter((label) => label.end + gap < note.start || label.start > note.end + gap), note];
}

function datesOf({ buckets, before, interval, zone }: Asked, layout: Layout): Label[] {
  const room = interval === "minute" || interval === "hour" || before ? 84 : 64;
  const fit = Math.max(1, Math.min(most, Math.floor((layout.right - layout.left) / room)));
  let free = 0;
  return xTicks(buckets, interval, zone, fit).flatMap(({ bucket, text }) => {
    const other = before?.[bucket];
    const past = other && beforeText(other, buckets[bucket] as Bucket, interval, zone);
    const label = labelAt(layout, bucket, text, Math.max(text.length, past?.length ?? 0));
    if (label.start < free) return [];
    free = label.end + gap;
    return [{ ...label, ...(past ? { before: past } : {}) }];
  });
}

/** In the middle below its bucket, unless the chart's edge is too near. */
function labelAt(layout: Layout, bucket: number, text: string, characters: number): Label {
  const [middle, length] = [xOf(layout, bucket), characters * character];
  const [start, end] = [middle - length / 2, middle + length / 2];
  if (start < 0) return { x: 0, anchor: "start", text, start: 0, end: length };
  if (end > layout.width)
    return { x: layout.width, anchor: "end", text, start: layout.width - length, end: layout.width };
  return { x: middle, anchor: "middle", text, start, end };
}

/** The date of what a bucket is compared with; the year too where it is another one. */
function beforeText(before: Bucket, bucket: Bucket, interval: Interval, zone: string): string {
  if (interval === "month" || interval === "year") return bucketLabel(before.timestamp, interval, zone);
  const year = wallOf(before.timestamp, zone).year;
  const isSameYear = year === wallOf(bucket.timestamp, zone).year;
  return dayText(before.timestamp, zone) + (isSameYear ? "" : ` ${year}`);
}
