import { numberAt, type Series } from "./series.ts";

/** From where to where a value reaches once it stands on those below it. */
export type Reach = [from: number, to: number];

/** Series on top of each other, bucket by bucket: what is above zero upwards, what is below it downwards. */
export function stackOf(series: readonly Series[], count: number): (Reach | null)[][] {
  const tops = new Array<number>(count).fill(0);
  const feet = new Array<number>(count).fill(0);
  return series.map(({ values }) =>
    Array.from({ length: count }, (_, bucket): Reach | null => {
      const value = numberAt(values, bucket);
      if (value === null) return null;
      const side = value < 0 ? feet : tops;
      const from = side[bucket] as number;
      side[bucket] = from + value;
      return [from, from + value];
    }),
  );
}

/** The sum of all series in each bucket; null where none has a value. */
export function sumOf(series: readonly Series[], count: number): (number | null)[] {
  return Array.from({ length: count }, (_, bucket) => {
    const values = series.map((each) => numberAt(each.values, bucket)).filter((value) => value !== null);
    return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0);
  });
}
