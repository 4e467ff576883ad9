import { TimeChart } from "../../../charts/TimeChart.tsx";
import { bucketColumn } from "../../../panels/bucketColumn.ts";
import { Panel, type Shown } from "../../../panels/Panel.tsx";
import { Table } from "../../../panels/Table.tsx";
import { instantText } from "../../../time/labels.ts";
import { bucketsOf } from "./buckets.ts";
import { type NumberRow, Numbers, NumbersTable, type Stats } from "./Numbers.tsx";
import { views } from "./panels.ts";

const numbers: NumberRow[] = [
  { slug: "totalViews", name: "All views", unit: "count", value: (answer) => answer.totalViews },
  { slug: "uniqueViewers", name: "Distinct viewers", unit: "count", value: (answer) => answer.uniqueViewers },
  { slug: "views7d", name: "Last 7 days", unit: "count", value: (answer) => answer.views7d },
  { slug: "views30d", name: "Last 30 days", unit: "count", value: (answer) => answer.views30d },
];

/** Views: of all time, of the last days, and by day. */
export const ViewsPanel = () => (
  <Panel row={views} class="is-two-thirds" height={280} table={(shown) => <ViewsTable {...shown} />}>
    {(shown) => <Views {...shown} />}
  </Panel>
);

function Views({ answer, place }: Shown<Stats>) {
  const days = bucketsOf(answer.viewsByDay, place);
  return (
    <div class="app-numbers">
      <Numbers answer={answer} place={place} rows={numbers} />
      <TimeChart
        buckets={days}
        interval="day"
        zone={place.zone}
        series={[{ key: "count", label: "Views", values: days.map((day) => day.count) }]}
        unit="count"
        money={{ currency: place.workspace.currency }}
        label="Views a day"
        height={180}
      />
      <p class="muted">
        {answer.lastViewedAt
          ? `Last viewed ${instantText(answer.lastViewedAt, place.zone)}`
          : "Nobody has viewed it yet."}
      </p>
    </div>
  );
}

function ViewsTable({ answer, place }: Shown<Stats>) {
  const days = bucketsOf(answer.viewsByDay, place);
  return (
    <>
      <NumbersTable answer={answer} place={place} rows={numbers} caption="Views" />
      <Table
        caption="Views a day"
        money={{ currency: place.workspace.currency }}
        rows={days}
        keyOf={(day) => day.day}
        columns={[bucketColumn(days, "day", place.zone), { title: "Views", cell: (day) => day.count, unit: "count" }]}
      />
    </>
  );
}
