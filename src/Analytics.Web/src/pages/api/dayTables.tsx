import type { Answer } from "../../api/call.ts";
import type { Shown } from "../../panels/Panel.tsx";
import { Table } from "../../panels/Table.tsx";
import { CustomerLink, EndpointLink } from "./links.tsx";
import { tiles } from "./tiles.ts";

type Dashboard = Answer<"/api/requests/dashboard">;

export function TileTable({ answer, place }: Shown<Dashboard>) {
  return (
    <Table
      caption="One day"
      money={{ currency: place.workspace.currency }}
      rows={tiles}
      keyOf={(tile) => tile.slug}
      columns={[
        { title: "Number", cell: (tile) => tile.name },
        { title: "Of the day", cell: (tile) => tile.value(answer), unit: (tile) => tile.unit },
        { title: "What it is", cell: (tile) => tile.about },
      ]}
    />
  );
}

const classes = ["2xx", "3xx", "4xx", "5xx"] as const;

export function StatusTable({ answer, place }: Shown<Dashboard>) {
  const total = Number(answer.totalRequests);
  return (
    <Table
      caption="Status"
      money={{ currency: place.workspace.currency }}
      rows={classes}
      keyOf={(name) => name}
      columns={[
        { title: "Class", cell: (name) => name },
        { title: "Requests", cell: (name) => answer.statusBreakdown[name], unit: "count" },
        { title: "Share", cell: (name) => shareOf(Number(answer.statusBreakdown[name]), total), unit: "percent" },
      ]}
    />
  );
}

/** A share in percent, to two places as the API has them. */
export const shareOf = (part: number, whole: number) =>
  whole === 0 ? null : Math.round((part / whole) * 10_000) / 100;

export function EndpointTable({ answer, place }: Shown<Dashboard>) {
  return (
    <Table
      caption="Busiest endpoints"
      money={{ currency: place.workspace.currency }}
      rows={answer.topEndpoints}
      keyOf={(row) => row.endpoint}
      columns={[
        { title: "Endpoint", cell: (row) => <EndpointLink place={place} endpoint={row.endpoint} /> },
        { title: "Requests", cell: (row) => row.count, unit: "count" },
        { title: "Average", cell: (row) => row.avgLatency, unit: "ms" },
        { title: "p99", cell: (row) => row.p99, unit: "ms" },
        { title: "Errors", cell: (row) => row.errorRate, unit: "percent" },
      ]}
    />
  );
}

export function CustomerTable({ answer, place }: Shown<Dashboard>) {
  return (
    <Table
      caption="Busiest customers"
      money={{ currency: place.workspace.currency }}
      rows={answer.topCustomers}
      keyOf={(row) => row.customerId}
      columns={[
        { title: "Customer", cell: (row) => <CustomerLink place={place} customer={row.customerId} /> },
        { title: "Requests", cell: (row) => row.count, unit: "count" },
        { title: "Sent", cell: (row) => row.totalBytes, unit: "bytes" },
        { title: "Share", cell: (row) => row.sharePercent, unit: "percent" },
      ]}
    />
  );
}
