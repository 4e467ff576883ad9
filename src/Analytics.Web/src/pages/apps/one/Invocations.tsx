import type { Place } from "../../../address/place.ts";
import type { Answer } from "../../../api/call.ts";
import { type Series, TimeChart } from "../../../charts/TimeChart.tsx";
import type { Unit } from "../../../numbers/units.ts";
import { bucketColumn } from "../../../panels/bucketColumn.ts";
import { Panel, type Shown } from "../../../panels/Panel.tsx";
import { Table } from "../../../panels/Table.tsx";
import { bucketsOf } from "./buckets.ts";
import { type NumberRow, Numbers, NumbersTable } from "./Numbers.tsx";
import { calls, durations, invocations } from "./panels.ts";
import { RecentPanel } from "./Recent.tsx";

export type ApiStats = Answer<"/api/apps/{id}/stats/api">;
type Day = ApiStats["daily"][number];

const numbers: NumberRow[] = [
  { slug: "totalInvocations", name: "All of them", unit: "count", value: ({ api }) => api.totalInvocations },
  { slug: "invocations7d", name: "Last 7 days", unit: "count", value: ({ api }) => api.invocations7d },
  { slug: "invocations30d", name: "Last 30 days", unit: "count", value: ({ api }) => api.invocations30d },
  { slug: "errorCount30d", name: "Failed of these", unit: "count", value: ({ api }) => api.errorCount30d },
  { slug: "errorRate30d", name: "Failed", unit: "percent", value: ({ api }) => api.errorRate30d, isQuotient: true },
  { slug: "avgDurationMs", name: "On average", unit: "ms", value: ({ api }) => api.avgDurationMs, isQuotient: true },
  {
    slug: "peakMemoryBytes",
    name: "Peak memory",
    unit: "bytes",
    value: ({ api }) => api.peakMemoryBytes,
    isQuotient: true,
  },
  { slug: "totalComputeMs", name: "Compute", unit: "ms", value: ({ api }) => api.totalComputeMs },
];

/** Invocations in numbers. */
export const InvocationNumbers = () => (
  <Panel
    row={invocations}
    height={64}
    table={({ answer, place }) => (
      <NumbersTable answer={answer} place={place} rows={numbers} caption={invocations.title} />
    )}
  >
    {({ answer, place }) => <Numbers answer={answer} place={place} rows={numbers} />}
  </Panel>
);

interface ChartRow {
  label: string;
  unit: Unit;
  kind?: "stack" | "line";
  series: (days: Day[]) => Series[];
}

const countRow: ChartRow = {
  label: "Invocations",
  unit: "count",
  kind: "stack",
  series: (days) => [
    { key: "fine", label: "Went well", values: days.map((day) => Number(day.count) - Number(day.errorCount)) },
    { key: "failed", label: "Failed", values: days.map((day) => day.errorCount), color: "--status-5" },
  ],
};

/** Of no invocations there is no duration: the API's 0 is a gap. */
const durationOf = (day: Day) => (Number(day.count) === 0 ? null : day.avgDurationMs);

const durationRow: ChartRow = {
  label: "Average duration",
  unit: "ms",
  kind: "line",
  series: (days) => [{ key: "duration", label: "Average duration", values: days.map(durationOf) }],
};

/** What the app's server routes did. */
export function Invocations({ place }: { place: Place }) {
  return (
    <div class="grid">
      <InvocationNumbers />
      <Panel row={calls} class="is-half" table={(shown) => <DaysTable {...shown} />}>
        {(shown) => <Chart {...shown} chart={countRow} />}
      </Panel>
      <Panel row={durations} class="is-half" table={(shown) => <DaysTable {...shown} />}>
        {(shown) => <Chart {...shown} chart={durationRow} />}
      </Panel>
      <RecentPanel place={place} />
    </div>
  );
}

function Chart({ answer, place, chart }: Shown<ApiStats> & { chart: ChartRow }) {
  const days = bucketsOf(answer.daily, place);
  return (
    <TimeChart
      buckets={days}
      interval="day"
      zone={place.zone}
      series={chart.series(days)}
      unit={chart.unit}
      money={{ currency: place.workspace.currency }}
      label={chart.label}
      height={220}
      {...(chart.kind ? { kind: chart.kind } : {})}
    />
  );
}

function DaysTable({ answer, place }: Shown<ApiStats>) {
  const days = bucketsOf(answer.daily, place);
  return (
    <Table
      caption="Invocations a day"
      money={{ currency: place.workspace.currency }}
      rows={days}
      keyOf={(day) => day.day}
      columns={[
        bucketColumn(days, "day", place.zone),
        { title: "Invocations", cell: (day) => day.count, unit: "count" },
        { title: "Failed", cell: (day) => day.errorCount, unit: "count" },
        { title: "Average duration", cell: durationOf, unit: "ms" },
      ]}
    />
  );
}
