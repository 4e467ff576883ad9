import { signal } from "@preact/signals";
import type { Interval } from "../time/labels.ts";
import type { Bucket } from "./series.ts";

/** What the reader points at: a bucket of every chart of the page that has the same buckets. */
export interface Hovered {
  /** Whose buckets: charts with the same ones move together. */
  buckets: string;
  bucket: number;
  /** The chart that is pointed at. */
  chart: object;
  /** Chosen by keyboard: it is spoken. */
  isByKeys: boolean;
}

export const hovered = signal<Hovered | null>(null);

/** The same for charts with the same buckets. */
export function bucketsKey(buckets: readonly Bucket[], interval: Interval, zone: string): string {
  return [interval, zone, buckets.length, buckets[0]?.timestamp, buckets.at(-1)?.timestamp].join(" ");
}

/** Points at a bucket; pointing at the same one again changes nothing. */
export function point(next: Hovered): void {
  const now = hovered.peek();
  if (now?.buckets !== next.buckets || now.bucket !== next.bucket || now.chart !== next.chart) hovered.value = next;
}

/** Lets go, if it is this chart that is pointed at. */
export function letGo(chart: object): void {
  if (hovered.peek()?.chart === chart) hovered.value = null;
}
