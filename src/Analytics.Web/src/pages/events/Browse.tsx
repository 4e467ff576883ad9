import { Link } from "wouter-preact";
import type { Place } from "../../address/place.ts";
import type { Answer } from "../../api/call.ts";
import type { Value } from "../../api/exact.ts";
import { More } from "../../panels/More.tsx";
import { Panel, type Shown } from "../../panels/Panel.tsx";
import { type Column, Table } from "../../panels/Table.tsx";
import { SearchField } from "../../parts/SearchField.tsx";
import { Choice } from "../../parts/Tabs.tsx";
import { instantText } from "../../time/labels.ts";
import { asked, customerHref, customerName } from "./address.ts";
import { EventDrawer } from "./EventDrawer.tsx";
import { usualField } from "./field.ts";
import { browse } from "./panels.ts";

type EventsAnswer = Answer<"/api/events">;
export type EventRow = EventsAnswer["data"][number];

const scopes = [
  { value: "all", name: "All events" },
  { value: "roots", name: "Roots only" },
] as const;

/** The events themselves. One of them opens over the list, and has an address of its own. */
export function Browse({ place }: { place: Place }) {
  const id = place.rest[1];
  const tools = (
    <>
      <SearchField place={place} label="Search names and metadata" />
      <Choice
        label="Which events"
        options={scopes}
        value={place.params.get("root") === "1" ? "roots" : "all"}
        onChange={(scope) => place.set({ root: scope === "roots" ? "1" : null })}
      />
    </>
  );
  return (
    <>
      <Panel row={browse} tools={tools} height={600}>
        {(shown) => <EventsList {...shown} />}
      </Panel>
      {id && <EventDrawer place={place} />}
    </>
  );
}

function EventsList({ answer, call, place }: Shown<EventsAnswer>) {
  return (
    <More call={call} first={answer}>
      {(rows) => <EventsTable rows={rows} place={place} />}
    </More>
  );
}

/** Events in a table; a click opens one. */
export function EventsTable({ rows, place, isOfOne }: { rows: EventRow[]; place: Place; isOfOne?: boolean }) {
  return (
    <Table
      caption="Events"
      money={{ currency: place.workspace.currency }}
      rows={rows}
      keyOf={(event) => event.id}
      columns={isOfOne ? columnsOf(place).filter((column) => column.title !== "Customer") : columnsOf(place)}
      onPick={(event) => place.go(`events/browse/${event.id}`, isOfOne ? {} : asked(place))}
    />
  );
}

function columnsOf(place: Place): Column<EventRow>[] {
  return [
    { title: "Time", cell: (event) => <span class="instant">{instantText(event.timestamp, place.zone)}</span> },
    { title: "Event", cell: (event) => <Name event={event} /> },
    { title: "Customer", cell: (event) => <CustomerLink event={event} place={place} /> },
    { title: "Source", cell: (event) => event.source },
    { title: "In its trace", cell: (event) => partOf(event) },
    { title: "Cost", cell: (event) => costOf(event), unit: "subcents" },
    { title: "Metadata", cell: (event) => <code class="metadata-line">{line(event.metadata)}</code> },
  ];
}

/** What it and everything below it costs. */
export const costOf = (event: EventRow): Value | null => event.aggregates?.[usualField] ?? null;

export function Name({ event }: { event: EventRow }) {
  return (
    <>
      {event.label} {event.label !== event.name && <code class="muted">{event.name}</code>}
    </>
  );
}

export function CustomerLink({ event, place }: { event: EventRow; place: Place }) {
  const name = customerName(event);
  if (!name) return <span class="muted">none</span>;
  return (
    <Link href={customerHref(place, event)} onClick={(click: MouseEvent) => click.stopPropagation()}>
      {name}
    </Link>
  );
}

function partOf(event: EventRow): string {
  if (event.pending_parent_id) return "Waits for its parent";
  const below = Number(event.descendant_count);
  const words = below > 0 ? `${below} below` : "";
  if (event.parent_id) return words ? `Child, ${words}` : "Child";
  return words ? `Root, ${words}` : "Root";
}

/** The beginning of the metadata, for a glance. */
function line(metadata: EventRow["metadata"]): string {
  const text = Object.entries(metadata ?? {})
    .map(([name, value]) => `${name}: ${typeof value === "object" && value !== null ? brief(value) : String(value)}`)
    .join(", ");
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}

const brief = (value: object) => (value instanceof Number ? String(value) : Array.isArray(value) ? "[…]" : "{…}");
