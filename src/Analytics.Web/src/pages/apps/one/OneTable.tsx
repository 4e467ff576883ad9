import { Link } from "wouter-preact";
import type { Place } from "../../../address/place.ts";
import { Panel, type Shown } from "../../../panels/Panel.tsx";
import { Table } from "../../../panels/Table.tsx";
import { appHref, askedApp } from "../question.ts";
import { askedTable } from "./asked.ts";
import { columns } from "./panels.ts";
import { RowsPanel } from "./Rows.tsx";
import type { AppTables } from "./Tables.tsx";

/** A table: its columns, and rows of it. */
export function OneTable({ place }: { place: Place }) {
  return (
    <>
      <p class="table-head">
        <Link href={appHref(place, askedApp(place), "tables")}>All tables</Link>
        <code>{askedTable(place)}</code>
      </p>
      <div class="grid">
        <RowsPanel />
        <Panel row={columns} height={160}>
          {(shown) => <Columns {...shown} />}
        </Panel>
      </div>
    </>
  );
}

function Columns({ answer, place }: Shown<AppTables>) {
  const table = answer.find((each) => each.name === askedTable(place));
  if (!table) return <p class="empty">The app has no such table.</p>;
  if (table.columns.length === 0) return <p class="empty">The table has no columns.</p>;
  return (
    <Table
      caption={columns.title}
      money={{ currency: place.workspace.currency }}
      rows={table.columns}
      keyOf={(column) => column.name}
      columns={[
        { title: "Column", cell: (column) => <code>{column.name}</code> },
        { title: "Type", cell: (column) => column.type },
        { title: "Null", cell: (column) => (column.nullable ? "may be" : "never") },
        { title: "Index", cell: (column) => indexOf(column) },
      ]}
    />
  );
}

const indexOf = (column: AppTables[number]["columns"][number]) =>
  column.primaryKey ? "primary key" : column.indexed ? "indexed" : <span class="muted">none</span>;
