import { startIn } from "./dates.ts";

/** The points of a trend that names its days by their dates, as buckets of a chart. */
export function daysOf<T extends { date: string }>(trend: readonly T[], zone: string): (T & { timestamp: string })[] {
  return trend.map((point) => ({ ...point, timestamp: startIn(zone, point.date) }));
}
