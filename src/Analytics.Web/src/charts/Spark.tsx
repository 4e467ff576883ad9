import type { Value } from "../api/exact.ts";
import { statesOf } from "./drawing.ts";
import { areaPath, dotsPath, linePaths, type Point } from "./paths.ts";
import { type Bucket, numberAt } from "./series.ts";

interface Props {
  buckets: Bucket[];
  /** One a bucket. */
  values: (Value | null)[];
  /** What it shows. */
  label: string;
}

const [width, height, margin] = [160, 36, 4];

/** A line without axes, beside a number: it stretches to the width it is given. */
export function Spark({ buckets, values, label }: Props) {
  const states = statesOf({ buckets });
  // Where time has not come yet there is nothing, not 0.
  const numbers = values.map((_, index) => (states[index] === "late" ? null : numberAt(values, index)));
  const found = numbers.filter((number) => number !== null);
  const [low, high] = [Math.min(0, ...found), Math.max(0, ...found)];
  const points = numbers.map((number, index): Point | null => {
    if (number === null) return null;
    const share = high > low ? (number - low) / (high - low) : 0;
    const x = margin + (values.length > 1 ? index / (values.length - 1) : 1) * (width - 2 * margin);
    return [x, height - margin - share * (height - 2 * margin)];
  });
  const { whole, dashed, alone, hollow } = linePaths(points, (index) => states[index] === "partial");
  const floor = height - margin + (low / (high - low || 1)) * (height - 2 * margin);
  const feet = points.map((point): Point | null => point && [point[0], floor]);
  return (
    <svg class="spark" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={label}>
      <path class="mark-area" d={areaPath(feet, points)} />
      <path class="mark-line" d={whole} />
      <path class="mark-dashed" d={dashed} />
      <path class="mark-dots" d={dotsPath(alone)} />
      <path class="spark-ring" d={dotsPath(hollow)} />
      <path class="spark-hole" d={dotsPath(hollow)} />
    </svg>
  );
}
