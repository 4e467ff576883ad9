import type { Drawing } from "./drawing.ts";
import { soFar, xOf, yOf } from "./layout.ts";
import { numberAt, type Series } from "./series.ts";

/** Everything of a chart that stays as it is while the reader points at it. */
export function Marks({ drawing, series }: { drawing: Drawing; series: Series[] }) {
  const { layout, marks, ends } = drawing;
  return (
    <>
      <Grid drawing={drawing} />
      {marks.map((mark, index) => (
        <path
          key={index}
          class={`mark-${mark.as}`}
          d={mark.d}
          style={{ "--ink": mark.ink, "--dash": mark.dash, "--fade": mark.opacity }}
        />
      ))}
      <Baseline drawing={drawing} />
      <SoFar drawing={drawing} series={series} />
      <Words drawing={drawing} series={series} />
      {ends.map((end) => (
        <g key={end.key}>
          <path
            class="chart-tie"
            d={`M${layout.right + 2},${Math.round(end.from)}L${layout.right + 9},${Math.round(end.y)}`}
            style={{ stroke: end.ink }}
          />
          <text class="chart-end" x={layout.right + 13} y={Math.round(end.y) + 4}>
            {end.text}
          </text>
        </g>
      ))}
    </>
  );
}

function Grid({ drawing: { layout } }: { drawing: Drawing }) {
  return (
    <>
      {layout.axis.ticks.map(({ value, text }) => {
        const y = Math.round(yOf(layout, value));
        return (
          <g key={value}>
            <path class="chart-grid" d={`M${layout.left},${y + 0.5}H${layout.right}`} />
            <text class="chart-label" x={layout.left - 8} y={y + 4} text-anchor="end">
              {text}
            </text>
          </g>
        );
      })}
      {layout.labels.map((label) => (
        <g key={label.x}>
          <text class="chart-label" x={Math.round(label.x)} y={layout.bottom + 17} text-anchor={label.anchor}>
            {label.text}
          </text>
          {label.before && (
            <text
              class="chart-label is-before"
              x={Math.round(label.x)}
              y={layout.bottom + 33}
              text-anchor={label.anchor}
            >
              {label.before}
            </text>
          )}
        </g>
      ))}
    </>
  );
}

/** The line at zero lies over bars, so that a bucket without anything is seen to be nothing. */
function Baseline({ drawing: { layout } }: { drawing: Drawing }) {
  if (layout.axis.low > 0 || layout.axis.high < 0) return null;
  return <path class="chart-base" d={`M${layout.left},${Math.round(yOf(layout, 0)) + 0.5}H${layout.right}`} />;
}

/** What an unfinished last bar is, above it. */
function SoFar({ drawing: { kind, layout }, series }: { drawing: Drawing; series: Series[] }) {
  const last = layout.soFarAbove;
  if (last === null) return null;
  const values = series.map((each) => Math.max(0, numberAt(each.values, last) ?? 0));
  const top = kind === "stack" ? values.reduce((sum, value) => sum + value, 0) : Math.max(...values);
  return (
    <text
      class="chart-label"
      x={Math.round(xOf(layout, last))}
      y={Math.round(yOf(layout, top)) - 5}
      text-anchor="middle"
    >
      {soFar}
    </text>
  );
}

/** What is said where nothing is drawn. */
function Words({ drawing: { layout, states }, series }: { drawing: Drawing; series: Series[] }) {
  const { left, right, top, bottom, step } = layout;
  const early = states.lastIndexOf("early") + 1;
  const isBare = series.every((each) => states.every((_, bucket) => numberAt(each.values, bucket) === null));
  const [text, from, to] = isBare ? ["No values", left, right] : ["no data yet", left, left + early * step];
  if (to - from < 80) return null;
  return (
    <text class="chart-label" x={Math.round((from + to) / 2)} y={Math.round((top + bottom) / 2)} text-anchor="middle">
      {text}
    </text>
  );
}
