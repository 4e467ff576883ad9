import { area, line } from "d3-shape";

export type Point = [x: number, y: number];

/** A tenth of a pixel is enough for the eye, and keeps paths short. */
const round = (value: number) => Math.round(value * 10) / 10;

const polyline = line<Point>(
  ([x]) => round(x),
  ([, y]) => round(y),
);

/** A line between neighbours that both have a value, parted into what is whole and what touches an unfinished bucket. */
export interface LinePaths {
  whole: string;
  dashed: string;
  /** Values without a neighbour: a line does not show them. */
  alone: Point[];
  /** Values of unfinished buckets. */
  hollow: Point[];
}

export function linePaths(points: readonly (Point | null)[], isPartial: (index: number) => boolean): LinePaths {
  const paths: LinePaths = { whole: "", dashed: "", alone: [], hollow: [] };
  let run: Point[] = [];
  let isDashed = false;
  const close = () => {
    if (run.length > 1) paths[isDashed ? "dashed" : "whole"] += polyline(run) ?? "";
    run = [];
  };
  for (let index = 0; index < points.length; index++) {
    const [from, to] = [points[index - 1] ?? null, points[index] ?? null];
    if (to && isPartial(index)) paths.hollow.push(to);
    else if (to && !from && !points[index + 1]) paths.alone.push(to);
    if (!from || !to) {
      close();
      continue;
    }
    const wants = isPartial(index - 1) || isPartial(index);
    if (run.length === 0 || wants !== isDashed) {
      close();
      run = [from];
      isDashed = wants;
    }
    run.push(to);
  }
  close();
  return paths;
}

/** The ground between two edges, with gaps where either is missing. */
export function areaPath(lower: readonly (Point | null)[], upper: readonly (Point | null)[]): string {
  const draw = area<number>()
    .defined((index) => !!lower[index] && !!upper[index])
    .x((index) => round((upper[index] as Point)[0]))
    .y0((index) => round((lower[index] as Point)[1]))
    .y1((index) => round((upper[index] as Point)[1]));
  return draw(upper.keys()) ?? "";
}

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** On whole pixels, so that edges are sharp; what is not nothing keeps a pixel. */
export function crisp({ x, y, width, height }: Box): Box {
  const [left, top, bottom] = [Math.round(x), Math.round(y), Math.round(y + height)];
  return { x: left, y: top, width: Math.max(1, Math.round(width)), height: height > 0 ? Math.max(1, bottom - top) : 0 };
}

export function boxPath({ x, y, width, height }: Box): string {
  return `M${round(x)},${round(y)}h${round(width)}v${round(height)}h${round(-width)}Z`;
}

/** Lines at 45 degrees that fill a box. They all belong to one grid, so that boxes side by side go on in each other. */
export function hatchPath({ x, y, width, height }: Box, gap = 6): string {
  let path = "";
  const [right, bottom] = [x + width, y + height];
  // On each line x + y is the same.
  for (let sum = Math.ceil((x + y) / gap) * gap; sum < right + bottom; sum += gap) {
    const from = Math.max(x, sum - bottom);
    const to = Math.min(right, sum - y);
    if (to > from) path += `M${round(from)},${round(sum - from)}L${round(to)},${round(sum - to)}`;
  }
  return path;
}

/** Round dots of no length: the line's round ends make them. */
export const dotsPath = (points: readonly Point[]): string =>
  points.map(([x, y]) => `M${round(x)},${round(y)}h.01`).join("");

export function circlePath([x, y]: Point, radius: number): string {
  return `M${round(x - radius)},${round(y)}a${radius},${radius} 0 1,0 ${2 * radius},0a${radius},${radius} 0 1,0 ${-2 * radius},0`;
}
