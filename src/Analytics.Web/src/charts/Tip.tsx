import type { ReadonlySignal } from "@preact/signals";
import { change, exact, format } from "../numbers/format.ts";
import type { Sense } from "../numbers/units.ts";
import { dayText } from "../time/labels.ts";
import type { Data, Drawing } from "./drawing.ts";
import { xOf } from "./layout.ts";
import { titleOf } from "./sentence.ts";
import { inkOf, type Series } from "./series.ts";

interface Props {
  data: Data;
  drawing: Drawing;
  bucket: ReadonlySignal<number | null>;
  /** Whether it is this chart that is pointed at; the others show less. */
  isHere: ReadonlySignal<boolean>;
  sense: Sense;
  notes?: (bucket: number) => string[];
}

/** What a bucket holds, beside the line through it; on the side with more room, so that no edge cuts it. */
export function Tip({ data, drawing, bucket, isHere, sense, notes }: Props) {
  const at = bucket.value;
  if (at === null || at >= drawing.layout.count) return null;
  const { layout } = drawing;
  const x = xOf(layout, at);
  const isRight = x > layout.width / 2;
  const room = Math.round((isRight ? x : layout.width - x) + 4);
  const remark = remarkOf(data, drawing, at);
  const place = {
    [isRight ? "right" : "left"]: `${Math.round((isRight ? layout.width - x : x) + 12)}px`,
    maxWidth: `${room}px`,
  };
  const hasValues = drawing.states[at] === "whole" || drawing.states[at] === "partial";
  const shown = shownOf(data, drawing);
  if (!isHere.value)
    return (
      <div class="chart-tip is-brief" style={place}>
        {hasValues &&
          shown.map(([series, ink]) => <Row key={series.key} series={series} at={at} data={data} ink={ink} isBrief />)}
      </div>
    );
  return (
    <div class="chart-tip" style={place}>
      <p class="chart-tip-title">
        {titleOf(data, at)} {remark && <em>{remark}</em>}
      </p>
      {hasValues &&
        shown.map(([series, ink]) => <Row key={series.key} series={series} at={at} data={data} ink={ink} />)}
      {data.previous && <Before data={data} previous={data.previous} at={at} sense={sense} />}
      {notes?.(at).map((note) => (
        <p key={note} class="chart-tip-note">
          {note}
        </p>
      ))}
    </div>
  );
}

/** In the order in which they lie in the chart: the top of a stack, or the highest percentile, first. */
function shownOf(data: Data, { kind }: Drawing): [Series, string][] {
  const all = data.series.map((series, place): [Series, string] => [
    series,
    kind === "band" ? "var(--series-1)" : inkOf(series, place),
  ]);
  return kind === "stack" || kind === "band" ? all.reverse() : all;
}

/** Why a bucket is not like the others. */
export function remarkOf(data: Data, { states }: Drawing, at: number): string {
  const state = states[at];
  if (state === "late") return "not yet";
  if (state === "early") return `no data before ${dayText(data.since as string, data.zone)}`;
  return state === "partial" ? (at === 0 && states.length > 1 ? "partly" : "so far") : "";
}

function Row({
  series,
  at,
  data,
  ink,
  isBrief,
}: {
  series: Series;
  at: number;
  data: Data;
  ink: string;
  isBrief?: boolean;
}) {
  const value = series.values[at] ?? null;
  const write = isBrief ? format : exact;
  return (
    <p class="chart-tip-row">
      <span class="chart-swatch" style={{ "--ink": ink }} />
      {!isBrief && <span class="chart-tip-name">{series.label}</span>}
      <b>{value === null ? "no value" : write(value, series.unit ?? data.unit, data.money)}</b>
    </p>
  );
}

/** The same bucket of the time compared with: its own date, its values, and how they changed. */
function Before({
  data,
  previous,
  at,
  sense,
}: {
  data: Data;
  previous: NonNullable<Data["previous"]>;
  at: number;
  sense: Sense;
}) {
  if (at >= previous.buckets.length) return null;
  return (
    <div class="chart-tip-before">
      <p>{titleOf({ ...data, buckets: previous.buckets }, at)}</p>
      {previous.series.map((series) => {
        const now = data.series.find((each) => each.key === series.key)?.values[at] ?? null;
        const before = series.values[at] ?? null;
        const moved = now === null ? null : change(now, before, sense);
        return (
          <p key={series.key} class="chart-tip-row">
            <span class="chart-swatch is-before" />
            <span class="chart-tip-name">{series.label}</span>
            <b>{before === null ? "no value" : exact(before, series.unit ?? data.unit, data.money)}</b>
            {moved && moved.text !== "-" && <span class={`change is-${moved.tone}`}>{moved.text}</span>}
          </p>
        );
      })}
    </div>
  );
}
