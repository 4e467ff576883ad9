import type { Interval } from "../address/period.ts";
import { double, type Value } from "../api/exact.ts";
import type { Bucket, Series } from "../charts/series.ts";
import type { Unit } from "../numbers/units.ts";
import { bucketStarts } from "./buckets.ts";
import { columnOf, type MetricText } from "./question.ts";

/** What the query, a report's run and a kept one answer. */
export interface Answered {
  columns: readonly string[];
  rows: readonly (readonly unknown[])[];
  partial: boolean;
  scannedFrom?: string | null;
}

/** What has to be known of a question to draw its answer. */
export interface Asked {
  dataset: string;
  metrics: MetricText[];
  dimensions: readonly string[];
  /** Null: time tells nothing apart. */
  interval: Interval | null;
  zone: string;
  /** The time that was asked for, where it is known; its end is not counted. */
  span?: { from: string; to: string } | undefined;
}

const units: Record<string, Unit> = { latencyMs: "ms", requestSize: "bytes", responseSize: "bytes" };

const isCount = (metric: MetricText) => metric.aggregation === "count" || metric.aggregation === "unique";

/** Of nothing it is 0; else it is no number. */
const isZeroOfNone = (metric: MetricText) => isCount(metric) || metric.aggregation === "sum";

/** Whether parts make a whole. */
export const isAdditive = (metric: MetricText) => metric.aggregation === "count" || metric.aggregation === "sum";

export const unitOf = (metric: MetricText, dataset: string): Unit =>
  isCount(metric) ? "count" : (dataset === "requests" && units[metric.field]) || "number";

/** A dimension's value as text; null where a group has none. */
export const textOf = (value: unknown): string | null =>
  value === null || value === undefined ? null : typeof value === "string" ? value : String(value);

/** Where the dimensions of a row stand. */
const dimensionsOf = (row: readonly unknown[], asked: Asked) => {
  const first = asked.interval ? 1 : 0;
  return row.slice(first, first + asked.dimensions.length);
};

/** What a row is of, in words. */
export const nameOf = (row: readonly unknown[], asked: Asked): string =>
  dimensionsOf(row, asked)
    .map((value, at) => textOf(value) ?? `no ${asked.dimensions[at]}`)
    .join(" · ");

/** The number of a metric in a row. */
export const numberOf = (row: readonly unknown[], metric: MetricText, answer: Answered): Value | null =>
  (row[answer.columns.lastIndexOf(columnOf(metric))] ?? null) as Value | null;

const instantOf = (row: readonly unknown[]) => Date.parse(String(row[0]));

/** The buckets of an answer over time, those without a group among them. */
export function bucketsOf(answer: Answered, asked: Asked, now: number): Bucket[] {
  const { interval, zone, span } = asked;
  const seen = answer.rows.map(instantOf);
  if (!interval || (seen.length === 0 && !span)) return [];
  const [first, last] = [Math.min(...seen), Math.max(...seen)];
  const from = Math.min(first, span ? Date.parse(span.from) : first);
  const to = Math.max(last, span ? Math.min(now, Date.parse(span.to) - 1) : last);
  const starts = bucketStarts(new Date(from).toISOString(), new Date(to).toISOString(), interval, zone);
  const all = [...new Set([...starts.map((start) => Date.parse(start)), ...seen])].sort((one, other) => one - other);
  return all.map((start, at) => {
    const next = all[at + 1] ?? Number.POSITIVE_INFINITY;
    const isCut = !!span && (start < Date.parse(span.from) || isRunning(span, start, next, now));
    return {
      timestamp: new Date(start).toISOString(),
      ...(isCut || isScanning(answer, start, next) ? { partial: true } : {}),
    };
  });
}

/** It is not over, and all of it was asked for. */
const isRunning = (span: { to: string }, start: number, next: number, now: number) =>
  start <= now && now < next && now < Date.parse(span.to);

/** Time ran out within this bucket. */
const isScanning = ({ scannedFrom }: Answered, start: number, next: number) =>
  !!scannedFrom && start < Date.parse(scannedFrom) && Date.parse(scannedFrom) < next;

const most = 6;

/** A line for each group, the biggest first; what is beyond the colours that can be told apart is one more, where it adds up. */
export function seriesOf(answer: Answered, asked: Asked, metric: MetricText, buckets: readonly Bucket[]): Series[] {
  const places = new Map(buckets.map((bucket, at) => [Date.parse(bucket.timestamp), at]));
  const unseen = buckets.map((_, at) => isUnseen(answer, buckets[at + 1]));
  const empty = unseen.map((isUnknown) => (isZeroOfNone(metric) && !isUnknown ? 0 : null));
  const lines = new Map<string, (Value | null)[]>();
  for (const row of answer.rows) {
    const name = nameOf(row, asked);
    const values = lines.get(name) ?? [...empty];
    const at = places.get(instantOf(row)) as number;
    if (!unseen[at]) values[at] = numberOf(row, metric, answer);
    lines.set(name, values);
  }
  const label = (name: string) => name || columnOf(metric);
  const all = [...lines].map(([name, values]) => ({ key: name || "all", label: label(name), values }));
  const sorted = all.sort((one, other) => weightOf(other.values) - weightOf(one.values));
  if (sorted.length <= most) return sorted;
  const others = sorted.slice(most - 1).map((line) => line.values);
  return isAdditive(metric) ? [...sorted.slice(0, most - 1), otherOf(others)] : sorted.slice(0, most);
}

const weightOf = (values: readonly (Value | null)[]) =>
  values.reduce<number>((sum, value) => sum + (value === null ? 0 : Math.abs(double(value))), 0);

function otherOf(lines: readonly (Value | null)[][]): Series {
  const values = (lines[0] ?? []).map((_, at) => {
    const there = lines.flatMap((line) => line[at] ?? []);
    return there.length === 0 ? null : there.reduce<number>((sum, value) => sum + double(value), 0);
  });
  return { key: "other", label: "Other", values, color: "--series-other" };
}

/** Whether the search did not come back to a bucket: what was not looked at is not known. */
const isUnseen = ({ scannedFrom }: Answered, next: Bucket | undefined) =>
  !!scannedFrom && !!next && Date.parse(next.timestamp) <= Date.parse(scannedFrom);
