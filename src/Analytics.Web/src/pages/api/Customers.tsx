import type { Place } from "../../address/place.ts";
import type { Answer } from "../../api/call.ts";
import { More } from "../../panels/More.tsx";
import { Panel, type Shown } from "../../panels/Panel.tsx";
import { type Column, Table } from "../../panels/Table.tsx";
import { CustomerLink } from "./links.tsx";
import { concentration, customers } from "./panels.ts";
import { cutText, most } from "./question.ts";
import { ShareCurve } from "./ShareCurve.tsx";
import { shareSteps } from "./shareSteps.ts";

type List = Answer<"/api/requests/customers">;
type Row = List["data"][number];

/** Who uses the API, what it costs, and how much of it few of them are. */
export function Customers({ place }: { place: Place }) {
  const cut = <span class="muted">{cutText(place.range, most.days)}</span>;
  return (
    <div class="grid">
      <Panel row={concentration} table={(shown) => <StepTable {...shown} />} tools={cut}>
        {({ answer }) => <ShareCurve steps={shareSteps(answer.data)} />}
      </Panel>
      <Panel row={customers} height={480}>
        {(shown) => <CustomerTable {...shown} />}
      </Panel>
    </div>
  );
}

const columns: Column<Row>[] = [
  { title: "Requests", cell: (row) => row.count, unit: "count", sort: "count" },
  { title: "Share", cell: (row) => row.sharePercent, unit: "percent", sort: "sharePercent" },
  { title: "Added up", cell: (row) => row.cumulativeSharePercent, unit: "percent", sort: "cumulativeSharePercent" },
  { title: "Costs", cell: (row) => row.costCents, unit: "subcents", isBrief: true, sort: "costCents" },
  { title: "Share of costs", cell: (row) => row.costSharePercent, unit: "percent", sort: "costSharePercent" },
  { title: "Errors", cell: (row) => row.errorRate, unit: "percent", sort: "errorRate" },
  { title: "Average", cell: (row) => row.avgLatency, unit: "ms", isBrief: true, sort: "avgLatency" },
  { title: "Sent", cell: (row) => row.totalBytes, unit: "bytes", isBrief: true, sort: "totalBytes" },
  { title: "Received", cell: (row) => row.requestBytes, unit: "bytes", isBrief: true, sort: "requestBytes" },
];

function CustomerTable({ answer, call, place }: Shown<List>) {
  return (
    <More call={call} first={answer}>
      {(rows) => (
        <Table
          caption={customers.title}
          money={{ currency: place.workspace.currency }}
          rows={rows}
          keyOf={(row) => row.customerId}
          sort={place.params.get("sort") ?? "-count"}
          onSort={(sort) => place.set({ sort: sort === "-count" ? null : sort })}
          columns={[
            {
              title: "Customer",
              cell: (row) => <CustomerLink place={place} customer={row.customerId} />,
              sort: "customerId",
            },
            ...columns,
          ]}
        />
      )}
    </More>
  );
}

function StepTable({ answer, place }: Shown<List>) {
  return (
    <Table
      caption={concentration.title}
      money={{ currency: place.workspace.currency }}
      rows={shareSteps(answer.data)}
      keyOf={(step) => step.customer}
      columns={[
        { title: "Customer", cell: (step) => <CustomerLink place={place} customer={step.customer} /> },
        { title: "Requests, added up", cell: (step) => step.requests, unit: "percent" },
        { title: "Costs, added up", cell: (step) => step.costs, unit: "percent" },
      ]}
    />
  );
}
