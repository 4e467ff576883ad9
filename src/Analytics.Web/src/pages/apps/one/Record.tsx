import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Answer } from "../../../api/call.ts";
import { client } from "../../../api/client.ts";
import { tell } from "../../../api/fetch.ts";
import { format } from "../../../numbers/format.ts";
import type { Shown } from "../../../panels/Panel.tsx";
import { Table } from "../../../panels/Table.tsx";
import { CopyButton } from "../../../parts/Copy.tsx";
import { ask } from "../../../parts/Dialog.tsx";
import { Fault } from "../../../parts/Fault.tsx";
import { say } from "../../../parts/Toast.tsx";
import { useSending } from "../../../parts/useSending.ts";
import { may } from "../../../session/session.ts";
import { instantText } from "../../../time/labels.ts";
import { AppForm } from "../AppForm.tsx";
import { askedApp } from "../question.ts";
import { PostgresButton } from "./Postgres.tsx";

type AppAnswer = Answer<"/api/apps/{id}">;

/** What the app is called and where its tables are; changed and deleted by those who may. */
export function Record(shown: Shown<AppAnswer>) {
  const { answer: app, place } = shown;
  const [, ...facts] = factsOf(shown);
  return (
    <div class="record">
      <div class="record-who">
        <strong class="record-name">{app.name}</strong>
        {may(place.workspace, "apps:write") && (
          <div class="record-tools">
            <PostgresButton app={app} place={place} />
            <Change {...shown} />
            <Delete {...shown} />
          </div>
        )}
      </div>
      <dl class="fact-grid">
        {facts.map((fact) => (
          <div key={fact.title}>
            <dt>{fact.title}</dt>
            <dd>{fact.shown}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

interface Fact {
  title: string;
  shown: ComponentChildren;
}

const factsOf = ({ answer: app, place }: Shown<AppAnswer>): Fact[] => [
  { title: "Name", shown: app.name },
  { title: "Natural id", shown: <Id id={app.natural_id} label="natural id" /> },
  { title: "Id", shown: <Id id={app.id} label="id" /> },
  { title: "Postgres schema", shown: app.schema_name ? <Id id={app.schema_name} label="schema" /> : "none" },
  { title: "Quota", shown: format(app.quota_bytes, "bytes", { currency: place.workspace.currency }) },
  { title: "Made", shown: instantText(app.created_at, place.zone) },
  { title: "Changed", shown: instantText(app.updated_at, place.zone) },
];

const Id = ({ id, label }: { id: string; label: string }) => (
  <>
    <code>{id}</code> <CopyButton text={id} label={`Copy the ${label}`} />
  </>
);

export function RecordTable(shown: Shown<AppAnswer>) {
  return (
    <Table
      caption="App"
      money={{ currency: shown.place.workspace.currency }}
      rows={factsOf(shown)}
      keyOf={(fact) => fact.title}
      columns={[
        { title: "Field", cell: (fact) => fact.title },
        { title: "Value", cell: (fact) => fact.shown },
      ]}
    />
  );
}

function Change({ answer: app, place }: Shown<AppAnswer>) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>
        Change
      </button>
      {isOpen && (
        <AppForm
          place={place}
          app={app}
          onClose={() => setOpen(false)}
          onSaved={(changed) => {
            void client.invalidateQueries();
            say("Saved");
            // Its old natural id is nobody's now.
            if (askedApp(place) === app.natural_id && changed.natural_id !== app.natural_id)
              place.go(`apps/${encodeURIComponent(changed.natural_id)}`);
          }}
        />
      )}
    </>
  );
}

/** Tables and login go for good: its name is typed first. */
function Delete({ answer: app, place }: Shown<AppAnswer>) {
  const { isBusy, problem, send } = useSending();
  const remove = async () => {
    const isSure = await ask({
      title: "Delete the app",
      body: (
        <p>
          Its Postgres workspace goes with every table in it, and its login. What was told of it keeps counting for the
          workspace. This cannot be taken back.
        </p>
      ),
      confirm: "Delete",
      typed: app.name,
      isDangerous: true,
    });
    if (!isSure) return;
    await send(async () => {
      await tell("DELETE", `api/apps/${app.id}?workspace_id=${place.workspace.id}`);
      say(`Deleted: ${app.name}`);
      place.go("apps");
      // Forgotten, not asked for again: the app's panels may still be there, and it is not.
      client.clear();
    });
  };
  return (
    <>
      <button type="button" disabled={isBusy} onClick={remove}>
        Delete
      </button>
      <Fault text={problem?.message} />
    </>
  );
}
