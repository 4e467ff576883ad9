import type { Place } from "../../address/place.ts";
import type { Answer } from "../../api/call.ts";
import { More } from "../../panels/More.tsx";
import { Panel, type Shown } from "../../panels/Panel.tsx";
import { type Column, Table } from "../../panels/Table.tsx";
import { SearchField } from "../../parts/SearchField.tsx";
import { Endpoint } from "./Endpoint.tsx";
import { EndpointLink } from "./links.tsx";
import { endpoints } from "./panels.ts";
import { cutText, most } from "./question.ts";

type List = Answer<"/api/requests/endpoints">;
type Row = List["data"][number];

/** Every endpoint; or, when the address names one, that one. */
export function Endpoints({ place }: { place: Place }) {
  const { endpoint } = place.filters;
  if (endpoint) return <Endpoint place={place} endpoint={endpoint} />;
  return (
    <Panel row={endpoints} height={480} tools={<Tools place={place} />}>
      {(shown) => <EndpointTable {...shown} />}
    </Panel>
  );
}

function Tools({ place }: { place: Place }) {
  return (
    <>
      <span class="muted">{cutText(place.range, most.days)}</span>
      <SearchField place={place} label="Search endpoints" />
    </>
  );
}

const columns: Column<Row>[] = [
  { title: "Requests", cell: (row) => row.count, unit: "count", sort: "count" },
  { title: "Errors", cell: (row) => row.errorRate, unit: "percent", sort: "errorRate" },
  { title: "4xx", cell: (row) => row.clientErrorRate, unit: "percent", sort: "clientErrorRate" },
  { title: "5xx", cell: (row) => row.serverErrorRate, unit: "percent", sort: "serverErrorRate" },
  { title: "Average", cell: (row) => row.avgLatency, unit: "ms", isBrief: true, sort: "avgLatency" },
  { title: "p50", cell: (row) => row.p50, unit: "ms", isBrief: true, sort: "p50" },
  { title: "p90", cell: (row) => row.p90, unit: "ms", isBrief: true, sort: "p90" },
  { title: "p95", cell: (row) => row.p95, unit: "ms", isBrief: true, sort: "p95" },
  { title: "p99", cell: (row) => row.p99, unit: "ms", isBrief: true, sort: "p99" },
  { title: "Sent", cell: (row) => row.bytes, unit: "bytes", isBrief: true, sort: "bytes" },
  { title: "Received", cell: (row) => row.requestBytes, unit: "bytes", isBrief: true, sort: "requestBytes" },
  { title: "Customers", cell: (row) => row.customers, unit: "count", sort: "customers" },
];

function EndpointTable({ answer, call, place }: Shown<List>) {
  return (
    <More call={call} first={answer}>
      {(rows) => (
        <Table
          caption="Endpoints"
          money={{ currency: place.workspace.currency }}
          rows={rows}
          keyOf={(row) => row.endpoint}
          sort={place.params.get("sort") ?? "-count"}
          onSort={(sort) => place.set({ sort: sort === "-count" ? null : sort })}
          columns={[
            {
              title: "Endpoint",
              cell: (row) => <EndpointLink place={place} endpoint={row.endpoint} />,
              sort: "endpoint",
            },
            ...columns,
          ]}
        />
      )}
    </More>
  );
}
