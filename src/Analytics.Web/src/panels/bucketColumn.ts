import type { Interval } from "../address/period.ts";
import { bucketTitle } from "../time/labels.ts";
import type { Column } from "./Table.tsx";

/** A column of bucket names. */
export function bucketColumn<T extends { timestamp: string; partial?: boolean }>(
  rows: readonly T[],
  interval: Interval,
  zone: string,
): Column<T> {
  return {
    title: interval[0]?.toUpperCase() + interval.slice(1),
    cell: (row) => {
      const next = rows[rows.indexOf(row) + 1]?.timestamp ?? null;
      return bucketTitle(row.timestamp, next, interval, zone) + (row.partial ? " (so far)" : "");
    },
  };
}
