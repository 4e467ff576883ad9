/** How many colours there are. */
export const heats = 7;

/** Where the colours after the first start, at values that there are: as many in each as can be. */
export function heatBounds(values: readonly number[]): number[] {
  const sorted = [...values].sort((one, other) => one - other);
  const bounds = Array.from(
    { length: heats - 1 },
    (_, index) => sorted[Math.floor(((index + 1) * sorted.length) / heats)] ?? 0,
  );
  return [...new Set(bounds)].filter((bound) => bound > (sorted[0] ?? 0));
}

/** The colour of a value, 1 to 7: few different values are spread over all of them. */
export function heatOf(value: number, bounds: readonly number[]): number {
  const place = bounds.filter((bound) => value >= bound).length;
  return bounds.length === 0 ? 1 : 1 + Math.round((place * (heats - 1)) / bounds.length);
}
