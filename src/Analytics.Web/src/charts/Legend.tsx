import { dashOf, inkOf, type Kind, type Series } from "./series.ts";

interface Props {
  series: Pick<Series, "key" | "label" | "color">[];
  kind?: Kind;
  /** There is a grey line of the time compared with. */
  hasBefore?: boolean;
}

/** Which colour, and which dash, is which series. */
export function Legend({ series, kind = "line", hasBefore = false }: Props) {
  return (
    <ul class="legend">
      {series.map((each, place) => (
        <li key={each.key}>
          <Swatch ink={inkOf(each, place)} dash={kind === "line" ? dashOf(place) : undefined} />
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

function Swatch({ ink, dash }: { ink: string; dash?: string | undefined }) {
  if (dash === undefined) return <span class="chart-swatch" style={{ "--ink": ink }} />;
  return (
    <svg class="legend-line" width="22" height="8" aria-hidden="true">
      <path d="M1,4H21" style={{ stroke: ink, strokeDasharray: dash || "none" }} />
    </svg>
  );
}
