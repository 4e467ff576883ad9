import type { Place } from "../../address/place.ts";
import { Bars } from "../../charts/Bars.tsx";
import { Panel } from "../../panels/Panel.tsx";
import { Table } from "../../panels/Table.tsx";
import { countCallers } from "./countCallers.ts";
import { CustomerLink } from "./links.tsx";
import { callers } from "./panels.ts";

/** Whose the last requests of an endpoint are; a click shows the requests of one caller. */
export function Callers() {
  return (
    <Panel
      row={callers}
      class="is-third"
      table={({ answer, place }) => <CallerTable rows={answer.data} place={place} />}
    >
      {({ answer, place }) => (
        <>
          <Bars
            rows={countCallers(answer.data).map(({ customer, count }) => ({
              key: customer,
              label: customer,
              value: count,
              share: count / answer.data.length,
            }))}
            unit="count"
            money={{ currency: place.workspace.currency }}
            onPick={(customer) => place.go("api/recent", { endpoint: place.filters.endpoint, customer })}
          />
          <p class="muted">Of the last {answer.data.length} requests.</p>
        </>
      )}
    </Panel>
  );
}

function CallerTable({ rows, place }: { rows: readonly { customerId: string }[]; place: Place }) {
  return (
    <Table
      caption={callers.title}
      money={{ currency: place.workspace.currency }}
      rows={countCallers(rows)}
      keyOf={(row) => row.customer}
      columns={[
        { title: "Customer", cell: (row) => <CustomerLink place={place} customer={row.customer} /> },
        { title: "Requests", cell: (row) => row.count, unit: "count" },
      ]}
    />
  );
}
