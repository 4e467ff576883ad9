import { middleOf, paleness } from "./marks.ts";
import { dashOf, inkOf, type Kind, type Series } from "./series.ts";

interface Props {
  series: Pick<Series, "key" | "label" | "color">[];
  kind?: Kind;
  /** There is a grey line of the time compared with. */
  hasBefore?: boolean;
}

/** Which colour, and which dash, is which series. */
export function Legend({ series, kind = "line", hasBefore = false }: Props) {
  const middle = middleOf(series);
  const shadeOf = (place: number) => (kind === "band" ? paleness(Math.abs(place - middle)) : 1);
  return (
    <ul class="legend">
      {series.map((each, place) => (
        <li key={each.key}>
          <Swatch
            ink={kind === "band" ? inkOf(series[0] ?? {}, 0) : inkOf(each, place)}
            shade={shadeOf(place)}
            dash={kind === "line" ? dashOf(place) : undefined}
          />
          {each.label}
        </li>
      ))}
      {hasBefore && (
        <li>
          <Swatch ink="var(--previous)" dash="3 3" />
          before
        </li>
      )}
    </ul>
  );
}

function Swatch({ ink, shade = 1, dash }: { ink: string; shade?: number; dash?: string | undefined }) {
  if (dash === undefined) return <span class="chart-swatch" style={{ "--ink": ink, opacity: shade }} />;
  return (
    <svg class="legend-line" width="22" height="8" aria-hidden="true">
      <path d="M1,4H21" style={{ stroke: ink, strokeDasharray: dash || "none" }} />
    </svg>
  );
}
