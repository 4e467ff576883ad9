import type { ComponentChildren } from "preact";
import { useLocation } from "wouter-preact";
import type { Place } from "../../address/place.ts";
import type { Answer } from "../../api/call.ts";
import { exact } from "../../numbers/format.ts";
import { Panel, type Shown } from "../../panels/Panel.tsx";
import { Table } from "../../panels/Table.tsx";
import { CopyButton } from "../../parts/Copy.tsx";
import { Dialog } from "../../parts/Dialog.tsx";
import { JsonTree } from "../../parts/JsonTree.tsx";
import { instantText } from "../../time/labels.ts";
import { here } from "./address.ts";
import { CustomerLink, costOf, Name } from "./Browse.tsx";
import { oneEvent } from "./panels.ts";
import { Trace } from "./Trace.tsx";

type EventAnswer = Answer<"/api/events/{id}">;

/** One event: what was sent, and the trace that it is a part of. */
export function EventDrawer({ place }: { place: Place }) {
  const [, navigate] = useLocation();
  return (
    <Dialog kind="drawer" title="Event" onClose={() => navigate(here(place, "/browse"))}>
      <div class="drawer-panels">
        <Panel row={oneEvent} height={320} table={(shown) => <FieldsTable {...shown} />}>
          {(shown) => <Fields {...shown} />}
        </Panel>
        <Trace place={place} id={place.rest[1] as string} />
      </div>
    </Dialog>
  );
}

function Id({ id, label }: { id: string; label: string }) {
  return (
    <>
      <code>{id}</code> <CopyButton text={id} label={`Copy the ${label}`} />
    </>
  );
}

interface FieldRow {
  title: string;
  shown: ComponentChildren;
}

/** The fields that it has, as rows. */
function fieldsOf({ answer: event, place }: Shown<EventAnswer>): FieldRow[] {
  const money = { currency: place.workspace.currency };
  const rows: (FieldRow | null)[] = [
    { title: "Event", shown: <Name event={event} /> },
    { title: "Time", shown: instantText(event.timestamp, place.zone) },
    { title: "Received", shown: instantText(event.ingested_at, place.zone) },
    { title: "Customer", shown: <CustomerLink event={event} place={place} /> },
    { title: "Source", shown: event.source },
    { title: "Cost with all below it", shown: exact(costOf(event), "subcents", money) },
    { title: "Id", shown: <Id id={event.id} label="id" /> },
    event.external_id ? { title: "External id", shown: <Id id={event.external_id} label="external id" /> } : null,
    event.pending_parent_id
      ? { title: "Waits for its parent", shown: <Id id={event.pending_parent_id} label="parent's id" /> }
      : null,
  ];
  return rows.filter((row) => row !== null);
}

function Fields(shown: Shown<EventAnswer>) {
  const metadata = shown.answer.metadata;
  return (
    <>
      <dl class="fact-grid">
        {fieldsOf(shown).map((row) => (
          <div key={row.title}>
            <dt>{row.title}</dt>
            <dd>{row.shown}</dd>
          </div>
        ))}
      </dl>
      <h3 class="small-head">Metadata</h3>
      {metadata && Object.keys(metadata).length > 0 ? <JsonTree value={metadata} /> : <p class="muted">None.</p>}
    </>
  );
}

function FieldsTable(shown: Shown<EventAnswer>) {
  return (
    <Table
      caption="Event"
      money={{ currency: shown.place.workspace.currency }}
      rows={[...fieldsOf(shown), { title: "Metadata", shown: <JsonTree value={shown.answer.metadata} /> }]}
      keyOf={(row) => row.title}
      columns={[
        { title: "Field", cell: (row) => row.title },
        { title: "Value", cell: (row) => row.shown },
      ]}
    />
  );
}
