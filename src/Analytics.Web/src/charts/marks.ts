import { type Layout, xOf, yOf } from "./layout.ts";
import { areaPath, type Box, boxPath, circlePath, crisp, dotsPath, hatchPath, linePaths, type Point } from "./paths.ts";
import { dashOf, inkOf, numberAt, type Series } from "./series.ts";
import { type Reach, stackOf } from "./stack.ts";

/** A path of a chart and what it is; the style sheet draws each kind. */
export interface Mark {
  as:
    | "area"
    | "band"
    | "line"
    | "dashed"
    | "dots"
    | "hollow"
    | "bar"
    | "open"
    | "hatch"
    | "before"
    | "halo"
    | "early"
    | "late";
  d: string;
  ink?: string;
  dash?: string;
  opacity?: number;
}

/** How a bucket is: before there was anything, still to come, unfinished, or whole. */
export type State = "early" | "late" | "partial" | "whole";

export interface Drawn {
  layout: Layout;
  series: readonly Series[];
  states: readonly State[];
}

/** What is not there draws nothing: two of the states have no marks. */
const shown = (state: State | undefined) => state === "partial" || state === "whole";

const pointsOf = ({ layout, states }: Drawn, valueAt: (bucket: number) => number | null): (Point | null)[] =>
  states.map((state, bucket) => {
    const value = shown(state) ? valueAt(bucket) : null;
    return value === null ? null : [xOf(layout, bucket), yOf(layout, value)];
  });

const isPartial = (drawn: Drawn) => (bucket: number) => drawn.states[bucket] === "partial";

const real = (marks: Mark[]): Mark[] => marks.filter((mark) => mark.d !== "");

export function lineMarks(drawn: Drawn): Mark[] {
  return drawn.series.flatMap((series, place) => {
    const points = pointsOf(drawn, (bucket) => numberAt(series.values, bucket));
    const { whole, dashed, alone, hollow } = linePaths(points, isPartial(drawn));
    const ink = inkOf(series, place);
    const floor = points.map(
      (point): Point | null => point && [point[0], yOf(drawn.layout, Math.max(0, drawn.layout.axis.low))],
    );
    return real([
      { as: "area", d: drawn.series.length === 1 ? areaPath(floor, points) : "", ink },
      { as: "line", d: whole, ink, dash: dashOf(place) },
      { as: "dashed", d: dashed, ink },
      { as: "dots", d: dotsPath(alone), ink },
      { as: "hollow", d: hollow.map((point) => circlePath(point, 3)).join(""), ink },
    ]);
  });
}

/** The share of a bucket that its bars take, and the widest they get. */
const share = 0.72;
const widest = 48;

/** A bar; an unfinished one is an outline, hatched. */
function barMarks({ states }: Drawn, boxes: (Box | null)[], ink: string): Mark[] {
  const chosen = (state: State) =>
    boxes.flatMap((box, bucket) => (box && states[bucket] === state ? [crisp(box)] : []));
  const partial = chosen("partial");
  return real([
    { as: "bar", d: chosen("whole").map(boxPath).join(""), ink },
    { as: "hatch", d: partial.map((box) => hatchPath(inset(box))).join(""), ink },
    { as: "open", d: partial.map((box) => boxPath(inset(box))).join(""), ink },
  ]);
}

/** Half a pixel inside, so that the outline stays in the box. */
const inset = ({ x, y, width, height }: Box): Box => ({
  x: x + 0.5,
  y: y + 0.5,
  width: Math.max(0, width - 1),
  height: Math.max(0, height - 1),
});

/** Bars side by side, from zero. */
export function bars(drawn: Drawn): Mark[] {
  const { layout, series, states } = drawn;
  const width = Math.min(widest, layout.step * share) / series.length;
  return series.flatMap((each, place) => {
    const boxes = states.map((_, bucket): Box | null => {
      const value = numberAt(each.values, bucket);
      if (value === null) return null;
      const [foot, head] = [yOf(layout, 0), yOf(layout, value)];
      const x = xOf(layout, bucket) + (place - series.length / 2) * width;
      return {
        x,
        y: Math.min(foot, head),
        width: Math.max(1, width - (series.length > 1 ? 1 : 0)),
        height: Math.abs(head - foot),
      };
    });
    return barMarks(drawn, boxes, inkOf(each, place));
  });
}

/** Narrower than this, bars on each other become grounds. */
const narrowest = 3;

/** Series on top of each other. */
export function stacked(drawn: Drawn): Mark[] {
  const reaches = stackOf(drawn.series, drawn.layout.count);
  return drawn.series.flatMap((each, place) => {
    const rows = reaches[place] as (Reach | null)[];
    const ink = inkOf(each, place);
    if (drawn.layout.step >= narrowest) return barMarks(drawn, stackBoxes(drawn.layout, rows), ink);
    const edge = (side: 0 | 1) => pointsOf(drawn, (bucket) => rows[bucket]?.[side] ?? null);
    return real([{ as: "band", d: areaPath(edge(0), edge(1)), ink, opacity: 0.9 }]);
  });
}

function stackBoxes(layout: Layout, rows: (Reach | null)[]): (Box | null)[] {
  const width = Math.max(1, Math.min(widest, layout.step * (layout.step > 6 ? share : 0.9)));
  return rows.map((reach, bucket) => {
    if (!reach || reach[0] === reach[1]) return null;
    const [low, high] = [yOf(layout, Math.min(...reach)), yOf(layout, Math.max(...reach))];
    // A gap of a pixel to the next one, where there is room for it.
    const gap = low - high > 2 ? 1 : 0;
    return { x: xOf(layout, bucket) - width / 2, y: high + gap, width, height: low - high - gap };
  });
}

/** Percentiles in order: the middle one as a line, and the further from it the paler the ground. */
export function bands(drawn: Drawn): Mark[] {
  const { series } = drawn;
  const ink = inkOf(series[0] ?? {}, 0);
  const edges = series.map((each) => pointsOf(drawn, (bucket) => numberAt(each.values, bucket)));
  const middle = middleOf(series);
  const grounds = edges.slice(1).map((upper, index): Mark => {
    const away = index < middle ? middle - index : index + 1 - middle;
    return {
      as: "band",
      d: areaPath(edges[index] as (Point | null)[], upper),
      ink,
      opacity: paleness(away),
    };
  });
  const { whole, dashed, alone, hollow } = linePaths(edges[middle] ?? [], isPartial(drawn));
  return real([
    ...grounds,
    { as: "line", d: whole, ink },
    { as: "dashed", d: dashed, ink },
    { as: "dots", d: dotsPath([...alone, ...edges.filter((_, place) => place !== middle).flatMap(aloneOf)]), ink },
    { as: "hollow", d: hollow.map((point) => circlePath(point, 3)).join(""), ink },
  ]);
}

const aloneOf = (points: (Point | null)[]): Point[] => linePaths(points, () => false).alone;

/** How dark the ground is so many percentiles away from the middle one; that one is a line. */
export const paleness = (away: number): number => (away === 0 ? 1 : Math.max(0.1, 0.4 - 0.12 * (away - 1)));

/** The median's place; the middle where none is called so. */
export function middleOf(series: readonly Pick<Series, "key">[]): number {
  const named = series.findIndex((each) => each.key === "p50" || each.key === "median");
  return named >= 0 ? named : Math.floor((series.length - 1) / 2);
}

/** What it is compared with: a thin grey line, and below it a wider one of the ground's colour that parts it from bars. */
export function beforeMarks(drawn: Drawn): Mark[] {
  return drawn.series.flatMap((series) => {
    const points = pointsOf({ ...drawn, states: drawn.states.map(() => "whole") }, (bucket) =>
      numberAt(series.values, bucket),
    );
    const { whole, alone } = linePaths(points, () => false);
    return real([
      { as: "halo", d: whole },
      { as: "before", d: whole },
      { as: "dots", d: dotsPath(alone), ink: "var(--previous)" },
    ]);
  });
}

/** The ground where there cannot be anything: grey before the first event, hatched where time has not come yet. */
export function groundMarks({ layout, states }: Drawn): Mark[] {
  const { left, top, bottom, step } = layout;
  const box = (state: State): Box => {
    const first = states.indexOf(state);
    const count = states.filter((each) => each === state).length;
    return { x: left + first * step, y: top, width: count * step, height: bottom - top };
  };
  return real([
    { as: "early", d: states.includes("early") ? boxPath(box("early")) : "" },
    { as: "late", d: states.includes("late") ? hatchPath(box("late"), 8) : "" },
  ]);
}
