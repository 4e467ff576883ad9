import { Link } from "wouter-preact";
import type { Place } from "../../../address/place.ts";
import type { Answer } from "../../../api/call.ts";
import { Panel, type Shown } from "../../../panels/Panel.tsx";
import { Table } from "../../../panels/Table.tsx";
import { appHref, askedApp } from "../question.ts";
import { askedTable } from "./asked.ts";
import { OneTable } from "./OneTable.tsx";
import { tables } from "./panels.ts";

export type AppTables = Answer<"/api/apps/{id}/stats/tables">;

/** The tables of the app's Postgres workspace; or, when the address names one, that one. */
export function Tables({ place }: { place: Place }) {
  const table = askedTable(place);
  if (table) return <OneTable key={table} place={place} />;
  return (
    <Panel row={tables} height={240}>
      {(shown) => <List {...shown} />}
    </Panel>
  );
}

function List({ answer, place }: Shown<AppTables>) {
  if (answer.length === 0)
    return (
      <p class="empty">
        No tables yet. The app makes its own, with the connection string of its Postgres workspace; that is made on its{" "}
        <Link href={appHref(place, askedApp(place))}>overview</Link>.
      </p>
    );
  return (
    <Table
      caption={tables.title}
      money={{ currency: place.workspace.currency }}
      rows={answer}
      keyOf={(table) => table.name}
      columns={[
        {
          title: "Table",
          cell: (table) => <Link href={appHref(place, askedApp(place), "tables", table.name)}>{table.name}</Link>,
        },
        { title: "Primary key", cell: (table) => keyOf(table) ?? <span class="muted">none</span> },
        { title: "Columns", cell: (table) => table.columns.length, unit: "count" },
        { title: "Rows", cell: (table) => table.rowCount, unit: "count" },
        { title: "Size", cell: (table) => table.sizeBytes, unit: "bytes", isBrief: true },
      ]}
    />
  );
}

function keyOf({ columns }: AppTables[number]) {
  const key = columns.filter((column) => column.primaryKey).map((column) => column.name);
  return key.length > 0 ? <code>{key.join(", ")}</code> : null;
}
