import type { Money } from "../numbers/money.ts";
import type { Unit } from "../numbers/units.ts";
import type { Interval } from "../time/labels.ts";
import { type Layout, layoutOf, yOf } from "./layout.ts";
import {
  bands,
  bars,
  beforeMarks,
  type Drawn,
  groundMarks,
  lineMarks,
  type Mark,
  type State,
  stacked,
} from "./marks.ts";
import { type Bucket, inkOf, type Kind, kindOf, numberAt, type Series } from "./series.ts";
import { stackOf, sumOf } from "./stack.ts";

/** What a chart is drawn from. */
export interface Data {
  buckets: Bucket[];
  interval: Interval;
  zone: string;
  series: Series[];
  unit: Unit;
  money: Money;
  kind?: Kind;
  /** What it is compared with, by the number of the bucket. */
  previous?: { buckets: Bucket[]; series: Series[] };
  now?: Date;
  /** The instant of the first thing there ever was: the ground before it is grey. */
  since?: string;
}

/** A chart, ready to be put down: the same data in the same width give the same drawing. */
export interface Drawing {
  kind: Kind;
  layout: Layout;
  states: State[];
  marks: Mark[];
  ends: End[];
}

/** The name of a series beside the end of its line, and the height at which the line ends. */
export interface End {
  key: string;
  text: string;
  y: number;
  from: number;
  ink: string;
}

/** Narrower than this, names stand above the chart instead. */
const roomy = 560;

const longest = 18;

const short = (text: string) => (text.length > longest ? `${text.slice(0, longest - 1)}…` : text);

export function draw(data: Data, width: number, height: number): Drawing {
  const { buckets, series, previous } = data;
  const kind = kindOf(data.kind, series, buckets.length, data.unit, !!previous);
  const hasEnds = (kind === "line" || kind === "band") && series.length > 1 && width >= roomy;
  const before = kind === "stack" && previous ? [summed(previous.series, buckets.length)] : previous?.series;
  const states = statesOf(data);
  const last = states.findLastIndex((state) => state !== "late");
  const isSolid = kind === "bars" || kind === "stack";
  const layout = layoutOf({
    ...data,
    soFarAt: isSolid && buckets.length > 1 && states[last] === "partial" ? last : null,
    width,
    height,
    before: previous?.buckets,
    extent: extentOf(kind, series, before ?? [], buckets.length),
    endLength: hasEnds ? Math.max(...series.map((each) => short(each.label).length)) : 0,
  });
  const drawn = { layout, series, states };
  const past = before ? beforeMarks({ layout, series: before, states }) : [];
  const own = drawers[kind](drawn);
  const marks = [
    ...groundMarks(drawn),
    ...(isSolid ? [...own, ...past] : [...past.filter((mark) => mark.as !== "halo"), ...own]),
  ];
  return { kind, layout, states, marks, ends: hasEnds ? endsOf(drawn, kind) : [] };
}

const drawers: Record<Kind, (drawn: Drawn) => Mark[]> = { line: lineMarks, bars, stack: stacked, band: bands };

const summed = (series: Series[], count: number): Series => ({ key: "sum", label: "", values: sumOf(series, count) });

/** How each bucket is. Whether it is unfinished, only the API knows. */
export function statesOf({ buckets, now, since }: Pick<Data, "buckets" | "now" | "since">): State[] {
  const latest = (now ?? new Date()).getTime();
  const earliest = since ? Date.parse(since) : Number.NEGATIVE_INFINITY;
  return buckets.map(({ timestamp, partial }, bucket) => {
    const next = buckets[bucket + 1];
    if (Date.parse(timestamp) > latest) return "late";
    if (next && Date.parse(next.timestamp) <= earliest) return "early";
    return partial ? "partial" : "whole";
  });
}

function extentOf(kind: Kind, series: Series[], before: Series[], count: number): [number, number] {
  const plain = (each: Series) => each.values.slice(0, count).map((_, bucket) => numberAt(each.values, bucket));
  const own =
    kind === "stack"
      ? stackOf(series, count).flatMap((rows) => rows.flatMap((reach) => reach ?? []))
      : series.flatMap(plain);
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of [...own, ...before.flatMap(plain)])
    if (value !== null) [low, high] = [Math.min(low, value), Math.max(high, value)];
  if (low > high) return [0, 0];
  return kind === "bars" || kind === "stack" ? [Math.min(0, low), Math.max(0, high)] : [low, high];
}

/** The height of a line of text. */
const lead = 15;

/** Names at their lines' ends, moved apart where they would lie on each other. */
function endsOf({ layout, series, states }: Drawn, kind: Kind): End[] {
  const ends = series.flatMap((each, place): End[] => {
    const last = states.findLastIndex(
      (state, bucket) => (state === "whole" || state === "partial") && numberAt(each.values, bucket) !== null,
    );
    if (last < 0) return [];
    const y = yOf(layout, numberAt(each.values, last) as number);
    return [
      {
        key: each.key,
        text: short(each.label),
        y,
        from: y,
        ink: kind === "band" ? inkOf(series[0] ?? {}, 0) : inkOf(each, place),
      },
    ];
  });
  const sorted = ends.sort((one, other) => one.y - other.y);
  sorted.forEach((end, index) => {
    end.y = Math.max(end.y, (sorted[index - 1]?.y ?? Number.NEGATIVE_INFINITY) + lead);
  });
  let floor = layout.bottom;
  for (const end of sorted.reverse()) {
    end.y = Math.min(end.y, floor);
    floor = end.y - lead;
  }
  return sorted;
}
