import { zoomToInstants } from "../../address/zoom.ts";
import type { Answer } from "../../api/call.ts";
import { type Series as Line, TimeChart } from "../../charts/TimeChart.tsx";
import { precisionOf } from "../../numbers/precision.ts";
import type { Unit } from "../../numbers/units.ts";
import { bucketColumn } from "../../panels/bucketColumn.ts";
import { Panel, type Shown } from "../../panels/Panel.tsx";
import type { PanelRow } from "../../panels/row.ts";
import { type Column, Table } from "../../panels/Table.tsx";
import { latency, requests, transferred } from "./panels.ts";
import { grainOf } from "./question.ts";

type Answered = Answer<"/api/requests/timeseries">;
type Point = Answered["data"][number];

interface ChartRow {
  unit: Unit;
  kind: "stack" | "band" | "bars" | "line" | undefined;
  lines: (points: Point[]) => Line[];
  columns: Column<Point>[];
  notes?: (point: Point) => string[];
}

/** Of no requests there is no latency: the API's 0 is a gap. */
const ofSome = (points: Point[], pick: (point: Point) => number) =>
  points.map((point) => (Number(point.count) === 0 ? null : pick(point)));

/** Those without an error, and those with one: together all requests. */
const countRow: ChartRow = {
  unit: "count",
  kind: "stack",
  lines: (points) => [
    {
      key: "fine",
      label: "Without an error",
      values: points.map((point) => Number(point.count) - Number(point.errors)),
    },
    { key: "errors", label: "Errors", values: points.map((point) => point.errors), color: "--status-5" },
  ],
  columns: [
    { title: "Requests", cell: (point) => point.count, unit: "count" },
    { title: "Errors", cell: (point) => point.errors, unit: "count" },
  ],
};

const latencyRow: ChartRow = {
  unit: "ms",
  kind: "band",
  lines: (points) => [
    { key: "p50", label: "p50", values: ofSome(points, (point) => point.p50) },
    { key: "p95", label: "p95", values: ofSome(points, (point) => point.p95) },
    { key: "p99", label: "p99", values: ofSome(points, (point) => point.p99) },
  ],
  columns: [
    { title: "Requests", cell: (point) => point.count, unit: "count" },
    { title: "Average", cell: (point) => (Number(point.count) === 0 ? null : point.avgLatency), unit: "ms" },
    { title: "p50", cell: (point) => (Number(point.count) === 0 ? null : point.p50), unit: "ms" },
    { title: "p95", cell: (point) => (Number(point.count) === 0 ? null : point.p95), unit: "ms" },
    { title: "p99", cell: (point) => (Number(point.count) === 0 ? null : point.p99), unit: "ms" },
  ],
  notes: (point) => [`n = ${point.count.toLocaleString("en")}, ${precisionOf(point.count)}`],
};

const byteRow: ChartRow = {
  unit: "bytes",
  kind: undefined,
  lines: (points) => [{ key: "bytes", label: "Bytes sent", values: points.map((point) => point.bytes) }],
  columns: [{ title: "Bytes sent", cell: (point) => point.bytes, unit: "bytes" }],
};

/** A panel of the series. All are of one call: of the range, and of the endpoint and the customers that the address names. */
function SeriesPanel({ row, chart, class: kind }: { row: PanelRow<Answered>; chart: ChartRow; class: string }) {
  return (
    <Panel row={row} class={kind} table={(shown) => <Points {...shown} chart={chart} title={row.title} />}>
      {(shown) => <Chart {...shown} chart={chart} title={row.title} />}
    </Panel>
  );
}

export const Requests = () => <SeriesPanel row={requests} chart={countRow} class="is-half" />;

export const Latency = () => <SeriesPanel row={latency} chart={latencyRow} class="is-half" />;

export const Transferred = ({ class: kind = "is-third" }: { class?: string }) => (
  <SeriesPanel row={transferred} chart={byteRow} class={kind} />
);

type ChartProps = Shown<Answered> & { chart: ChartRow; title: string };

function Chart({ answer, before, place, chart, title }: ChartProps) {
  const zoom = (first: number, last: number) =>
    place.set(zoomToInstants(place, answer.data, first, last), { isZoom: true });
  return (
    <TimeChart
      buckets={answer.data}
      interval={grainOf(place.range)}
      zone={place.zone}
      series={chart.lines(answer.data)}
      unit={chart.unit}
      money={{ currency: place.workspace.currency }}
      label={title}
      height={220}
      {...(chart.kind ? { kind: chart.kind } : {})}
      {...(before ? { previous: { buckets: before.data, series: chart.lines(before.data) } } : {})}
      notes={(bucket) => {
        const point = answer.data[bucket];
        return point && chart.notes ? chart.notes(point) : [];
      }}
      onZoom={zoom}
      onPick={(bucket) => zoom(bucket, bucket)}
    />
  );
}

function Points({ answer, place, chart, title }: ChartProps) {
  return (
    <Table
      caption={title}
      money={{ currency: place.workspace.currency }}
      rows={answer.data}
      keyOf={(point) => point.timestamp}
      columns={[bucketColumn(answer.data, grainOf(place.range), place.zone), ...chart.columns]}
    />
  );
}
