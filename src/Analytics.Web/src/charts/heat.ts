/** How many colours there are. */
export const heats = 7;

/**
 * Where the colours after the first start, at values that there are: as many in each as can be. Where the smallest value alone is more
 * than a colour's share (hours without an error), it has the first colour, and the others share the rest.
 */
export function heatBounds(values: readonly number[]): number[] {
  const sorted = [...values].sort((one, other) => one - other);
  const above = sorted.filter((value) => value > (sorted[0] ?? 0));
  const isCrowded = (sorted.length - above.length) * heats > sorted.length;
  const bounds = Array.from({ length: heats - 1 }, (_, index) =>
    isCrowded
      ? above[Math.floor((index * above.length) / (heats - 1))]
      : sorted[Math.floor(((index + 1) * sorted.length) / heats)],
  );
  return [...new Set(bounds)].filter((bound) => bound !== undefined && bound > (sorted[0] ?? 0)) as number[];
}

/** The colour of a value, 1 to 7: few different values are spread over all of them. */
export function heatOf(value: number, bounds: readonly number[]): number {
  const place = bounds.filter((bound) => value >= bound).length;
  return bounds.length === 0 ? 1 : 1 + Math.round((place * (heats - 1)) / bounds.length);
}
