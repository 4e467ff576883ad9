import { double, type Value } from "../api/exact.ts";
import type { Unit } from "../numbers/units.ts";
import { units } from "../numbers/units.ts";

export interface Bucket {
  timestamp: string;
  /** Not over yet, or cut by the range: the API says so. */
  partial?: boolean;
}

export interface Series {
  key: string;
  label: string;
  /** One a bucket; null where there is no value, which is not the same as 0. */
  values: (Value | null)[];
  unit?: Unit;
  /** The name of a custom property; by its place otherwise. */
  color?: string;
}

export type Kind = "line" | "bars" | "stack" | "band";

/** How many buckets are still drawn as bars. */
const fewBuckets = 48;

/** Bars for few buckets of one amount that is compared with nothing, else lines. */
export function kindOf(kind: Kind | undefined, series: Series[], count: number, unit: Unit, isCompared: boolean): Kind {
  if (kind) return kind;
  return series.length === 1 && units[unit].isAmount && count <= fewBuckets && !isCompared ? "bars" : "line";
}

/** The colour of a series: six of them, then the one of all others. */
export function inkOf(series: Pick<Series, "color">, place: number): string {
  return `var(${series.color ?? (place < 6 ? `--series-${place + 1}` : "--series-other")})`;
}

// Not 4-3: that is what an unfinished bucket looks like.
const dashes = ["", "", "9 3", "2 3", "9 3 2 3", "12 3 2 3 2 3"];

/** Colour is never alone: from the third series on, lines differ in their dashes too. */
export const dashOf = (place: number): string => dashes[place] ?? "1 4";

/** Its value for drawing, where there is one. */
export function numberAt(values: readonly (Value | null)[], index: number): number | null {
  const value = values[index];
  const found = value === null || value === undefined ? Number.NaN : double(value);
  return Number.isFinite(found) ? found : null;
}
