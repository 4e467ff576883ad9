import { type ReadonlySignal, useComputed } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { Sense } from "../numbers/units.ts";
import { type Data, type Drawing, draw } from "./drawing.ts";
import { bucketsKey, hovered } from "./hover.ts";
import { Legend } from "./Legend.tsx";
import { Marks } from "./Marks.tsx";
import { Pointed } from "./Pointed.tsx";
import { sentenceOf, spokenOf } from "./sentence.ts";
import { remarkOf, Tip } from "./Tip.tsx";
import { usePointing } from "./usePointing.ts";
import { useWidth } from "./useWidth.ts";

export type { Bucket, Series } from "./series.ts";

export interface TimeChartProps extends Data {
  /** What it is: "Revenue". The sentence for those who do not see the chart begins with it. */
  label: string;
  /** Which direction is better: the colour of changes. */
  sense?: Sense;
  /** Further lines of the hover: "n = 87, exact". */
  notes?: (bucket: number) => string[];
  height?: number;
  /** A drag over buckets. */
  onZoom?: (first: number, last: number) => void;
  /** A click, or Enter, on a bucket: without it, and where there are several, a zoom to that one. */
  onPick?: (bucket: number) => void;
}

/** Narrower than this it is a phone: charts are lower there. */
const narrow = 480;

/**
 * Numbers over time. Its x is the number of the bucket, so no change of the clock can move it. Paths are drawn once; pointing at it
 * moves only a line, the dots and the tip, together in all charts that have the same buckets.
 */
export function TimeChart(props: TimeChartProps) {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const height = width < narrow ? Math.min(180, props.height ?? 220) : (props.height ?? 220);
  const drawing = width > 0 && props.buckets.length > 0 ? draw(props, width, height) : null;
  const key = bucketsKey(props.buckets, props.interval, props.zone);
  const chart = useRef({}).current;
  const buckets = useRef(key);
  buckets.current = key;
  const bucket = useComputed(() => (hovered.value?.buckets === buckets.current ? hovered.value.bucket : null));
  const isHere = useComputed(() => hovered.value?.chart === chart);
  const onPick = props.onPick ?? (props.buckets.length > 1 ? zoomToOne(props, drawing) : undefined);
  const { selection, handlers } = usePointing({
    ...props,
    onPick,
    layout: drawing?.layout ?? null,
    bucketsKey: key,
    chart,
  });
  // What a chart is of says its title; of what a stack is made, nothing else does.
  const isNamed = (props.series.length > 1 || props.kind === "stack") && drawing?.ends.length === 0;
  return (
    <figure class="chart">
      {(isNamed || props.previous) && (
        <Legend
          series={isNamed ? props.series : []}
          {...(drawing ? { kind: drawing.kind } : {})}
          hasBefore={!!props.previous}
        />
      )}
      <div ref={frame} class="chart-frame" style={{ height: `${height}px` }}>
        {props.buckets.length === 0 && <p class="chart-none">No values</p>}
        {drawing && (
          <svg
            class={onPick ? "is-link" : undefined}
            role="img"
            aria-label={sentenceOf(props, props.label)}
            // biome-ignore lint/a11y/noNoninteractiveTabindex: arrows go through the buckets
            tabIndex={0}
            data-arrows
            viewBox={`0 0 ${width} ${height}`}
            width={width}
            height={height}
            style={{ "--thick": drawing.layout.step < 2 ? 1 : 1.75 }}
            {...handlers}
          >
            <Marks drawing={drawing} series={props.series} />
          </svg>
        )}
        {drawing && <Pointed drawing={drawing} series={props.series} bucket={bucket} selection={selection} />}
        {drawing && <Tip {...tipOf(props, drawing)} bucket={bucket} isHere={isHere} />}
        {drawing && <Spoken data={props} drawing={drawing} bucket={bucket} isHere={isHere} />}
      </div>
    </figure>
  );
}

/** There is nothing in what is still to come. */
const zoomToOne = ({ onZoom }: TimeChartProps, drawing: Drawing | null) =>
  onZoom &&
  ((bucket: number) => {
    if (drawing?.states[bucket] !== "late") onZoom(bucket, bucket);
  });

const tipOf = (props: TimeChartProps, drawing: Drawing) => ({
  data: props,
  drawing,
  sense: props.sense ?? ("neutral" as const),
  ...(props.notes ? { notes: props.notes } : {}),
});

interface SpokenProps {
  data: Data;
  drawing: Drawing;
  bucket: ReadonlySignal<number | null>;
  isHere: ReadonlySignal<boolean>;
}

/** The bucket that the keyboard has come to, for screen readers. */
function Spoken({ data, drawing, bucket, isHere }: SpokenProps) {
  const at = bucket.value;
  const isSpoken = at !== null && at < data.buckets.length && isHere.value && hovered.peek()?.isByKeys;
  return (
    <p class="unseen" role="status">
      {isSpoken ? spokenOf(data, at, remarkOf(data, drawing, at)) : ""}
    </p>
  );
}
