import { useState } from "preact/hooks";
import { Link } from "wouter-preact";
import type { Place } from "../../address/place.ts";
import type { Answer } from "../../api/call.ts";
import { client } from "../../api/client.ts";
import { More } from "../../panels/More.tsx";
import { Panel, type Shown } from "../../panels/Panel.tsx";
import { type Column, Table } from "../../panels/Table.tsx";
import { SearchField } from "../../parts/SearchField.tsx";
import { may } from "../../session/session.ts";
import { AppForm } from "./AppForm.tsx";
import { list, usualSort } from "./panels.ts";
import { appHref } from "./question.ts";

type Apps = Answer<"/api/apps">;
export type App = Apps["data"][number];

/** The apps themselves. */
export function AppsList({ place }: { place: Place }) {
  const tools = (
    <>
      <SearchField place={place} label="Search apps" />
      {may(place.workspace, "apps:write") && <NewApp place={place} />}
    </>
  );
  return (
    <Panel row={list} class="is-half" tools={tools} height={160}>
      {(shown) => <List {...shown} />}
    </Panel>
  );
}

function NewApp({ place }: { place: Place }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" class="primary" onClick={() => setOpen(true)}>
        New app
      </button>
      {isOpen && (
        <AppForm
          place={place}
          onClose={() => setOpen(false)}
          onSaved={(made) => {
            void client.invalidateQueries();
            place.go(`apps/${encodeURIComponent(made.natural_id)}`);
          }}
        />
      )}
    </>
  );
}

function List({ answer, call, place }: Shown<Apps>) {
  if (answer.data.length === 0)
    return (
      <p class="empty">
        {place.params.get("q")
          ? "No app has this text in its name or natural id."
          : "No apps yet. What is told of one goes to POST /api/apps/{id}/views, and the other routes of facts beside it."}
      </p>
    );
  return (
    <More call={call} first={answer}>
      {(rows) => (
        <Table
          caption={list.title}
          money={{ currency: place.workspace.currency }}
          rows={rows}
          keyOf={(app) => app.id}
          columns={columnsOf(place)}
          sort={place.params.get("sort") ?? usualSort}
          onSort={(sort) => place.set({ sort: sort === usualSort ? null : sort })}
        />
      )}
    </More>
  );
}

const columnsOf = (place: Place): Column<App>[] => [
  { title: "Name", cell: (app) => <Link href={appHref(place, app.natural_id)}>{app.name}</Link>, sort: "name" },
  { title: "Natural id", cell: (app) => <code>{app.natural_id}</code>, sort: "natural_id" },
  {
    title: "Postgres workspace",
    cell: (app) => (app.schema_name ? <code>{app.schema_name}</code> : <span class="muted">none</span>),
    sort: "schema_name",
  },
  { title: "Quota", cell: (app) => app.quota_bytes, unit: "bytes", isBrief: true, sort: "quota_bytes" },
];
