import { useMemo } from "preact/hooks";
import type { Place } from "../../address/place.ts";
import { TimeChart } from "../../charts/TimeChart.tsx";
import { bucketColumn } from "../../panels/bucketColumn.ts";
import { Panel } from "../../panels/Panel.tsx";
import { Table } from "../../panels/Table.tsx";
import { bucketStarts } from "../../query/buckets.ts";
import { minute } from "../../time/clock.ts";
import type { SavedAlert } from "./alertText.ts";
import { type Crossing, Crossings } from "./Crossings.tsx";
import { previewDays, previewOf } from "./panels.ts";

/** As many crossings as a preview tells. */
const most = 1000;

/** The last of them stand under the chart. */
const few = 20;

interface Props {
  place: Place;
  /** What is tried, as it is sent. */
  alert: object;
}

/** How often an alert would have fired: before it is made, whether its limit is a good one. */
export function Preview({ place, alert }: Props) {
  const asked = JSON.stringify(alert);
  const row = useMemo(() => previewOf(JSON.parse(asked)), [asked]);
  return (
    <Panel row={row} height={240} table={({ answer }) => <Days crossings={answer.data} place={place} />}>
      {({ answer }) => (
        <>
          <p class="fired">
            Would have fired <strong>{timesText(answer.data.length)}</strong> in the last {previewDays} days.
          </p>
          {answer.data.length > 0 && (
            <>
              <Chart crossings={answer.data} place={place} />
              <Crossings
                caption="When it would have fired"
                crossings={answer.data.slice(0, few)}
                alert={alert as SavedAlert}
                place={place}
              />
              {answer.data.length > few && <p class="muted">The last {few} of them.</p>}
            </>
          )}
        </>
      )}
    </Panel>
  );
}

function timesText(count: number): string {
  if (count === 0) return "never";
  if (count === 1) return "once";
  return count >= most ? `at least ${most.toLocaleString("en")} times` : `${count} times`;
}

/** The days that were tried, with how often it fired on each. */
function daysOf(crossings: readonly Crossing[], zone: string) {
  const now = minute.value.getTime();
  const starts = bucketStarts(
    new Date(now - previewDays * 86_400_000).toISOString(),
    new Date(now).toISOString(),
    "day",
    zone,
  );
  return starts.map((timestamp, at) => {
    const [from, to] = [Date.parse(timestamp), Date.parse(starts[at + 1] ?? "9999-01-01")];
    const isIn = ({ at }: Crossing) => from <= Date.parse(at) && Date.parse(at) < to;
    return { timestamp, count: crossings.filter(isIn).length };
  });
}

interface ChartProps {
  crossings: readonly Crossing[];
  place: Place;
}

function Chart({ crossings, place }: ChartProps) {
  const days = daysOf(crossings, place.zone);
  return (
    <TimeChart
      buckets={days}
      interval="day"
      zone={place.zone}
      series={[{ key: "fired", label: "Fired", values: days.map((day) => day.count), color: "--status-5" }]}
      unit="count"
      kind="bars"
      money={{ currency: place.workspace.currency }}
      label="How often it would have fired"
      sense="less"
      height={160}
    />
  );
}

function Days({ crossings, place }: ChartProps) {
  const days = daysOf(crossings, place.zone);
  return (
    <Table
      caption="How often it would have fired"
      money={{ currency: place.workspace.currency }}
      rows={days}
      keyOf={(day) => day.timestamp}
      columns={[bucketColumn(days, "day", place.zone), { title: "Fired", cell: (day) => day.count, unit: "count" }]}
    />
  );
}
