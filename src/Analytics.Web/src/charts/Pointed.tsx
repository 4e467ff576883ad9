import type { ReadonlySignal } from "@preact/signals";
import type { Drawing } from "./drawing.ts";
import { type Layout, xOf, yOf } from "./layout.ts";
import { inkOf, numberAt, type Series } from "./series.ts";
import { stackOf } from "./stack.ts";

/** The buckets that a drag has gone over. */
export interface Selection {
  first: number;
  last: number;
}

interface Props {
  drawing: Drawing;
  series: Series[];
  bucket: ReadonlySignal<number | null>;
  selection: ReadonlySignal<Selection | null>;
}

/**
 * What moves when the reader points: a line through the bucket, a dot on each series, the ground of a selection. It lies over the chart
 * as a layer of its own, so that the chart is not painted anew.
 */
export function Pointed({ drawing, series, bucket, selection }: Props) {
  const { layout } = drawing;
  const chosen = selection.value;
  const at = bucket.value;
  return (
    <svg class="chart-over" aria-hidden="true" width={layout.width} height={layout.height}>
      {chosen && (
        <rect
          class="chart-selection"
          x={xOf(layout, chosen.first) - layout.step / 2}
          width={(chosen.last - chosen.first + 1) * layout.step}
          y={layout.top}
          height={layout.bottom - layout.top}
        />
      )}
      {at !== null &&
        at < layout.count &&
        (isBars(drawing) ? <Ground layout={layout} at={at} /> : <Cross drawing={drawing} series={series} at={at} />)}
    </svg>
  );
}

/** A line through a bar would hide in it. */
const isBars = ({ kind, layout }: Drawing) => (kind === "bars" || kind === "stack") && layout.step > 5;

const Ground = ({ layout, at }: { layout: Layout; at: number }) => (
  <rect
    class="chart-pointed"
    x={xOf(layout, at) - layout.step / 2}
    width={layout.step}
    y={layout.top}
    height={layout.bottom - layout.top}
  />
);

function Cross({ drawing, series, at }: { drawing: Drawing; series: Series[]; at: number }) {
  const { layout } = drawing;
  return (
    <g>
      <path class="chart-cross" d={`M${Math.round(xOf(layout, at)) + 0.5},${layout.top}V${layout.bottom}`} />
      <Dots drawing={drawing} series={series} at={at} />
    </g>
  );
}

function Dots({ drawing: { kind, layout, states }, series, at }: { drawing: Drawing; series: Series[]; at: number }) {
  if (kind === "bars" || states[at] === "late" || states[at] === "early") return null;
  const tops =
    kind === "stack"
      ? stackOf(
          series.map((each) => ({ ...each, values: [each.values[at] ?? null] })),
          1,
        )
      : null;
  return (
    <>
      {series.map((each, place) => {
        const value = tops ? (tops[place]?.[0]?.[1] ?? null) : numberAt(each.values, at);
        const ink = kind === "band" ? inkOf(series[0] ?? {}, 0) : inkOf(each, place);
        if (value === null || (tops && !numberAt(each.values, at))) return null;
        return (
          <circle
            key={each.key}
            class="chart-dot"
            cx={xOf(layout, at)}
            cy={yOf(layout, value)}
            r={3.5}
            style={{ fill: ink }}
          />
        );
      })}
    </>
  );
}
