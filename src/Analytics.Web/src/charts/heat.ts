import { quantileSorted } from "d3-array";

/** How many colours there are. */
export const heats = 7;

/** The lower bounds of the colours after the first: as many values in each as can be. */
export function heatBounds(values: readonly number[]): number[] {
  const sorted = [...values].sort((one, other) => one - other);
  const bounds = Array.from({ length: heats - 1 }, (_, index) => quantileSorted(sorted, (index + 1) / heats) ?? 0);
  return [...new Set(bounds)].filter((bound) => bound > (sorted[0] ?? 0));
}

/** The colour of a value, 1 to 7: few different values are spread over all of them. */
export function heatOf(value: number, bounds: readonly number[]): number {
  const place = bounds.filter((bound) => value >= bound).length;
  return bounds.length === 0 ? 1 : 1 + Math.round((place * (heats - 1)) / bounds.length);
}
