import { useQueryClient } from "@tanstack/preact-query";
import { Pencil } from "lucide-preact";
import { useState } from "preact/hooks";
import { Link } from "wouter-preact";
import type { Place } from "../../address/place.ts";
import type { Answer } from "../../api/call.ts";
import { More } from "../../panels/More.tsx";
import { Panel, type Shown } from "../../panels/Panel.tsx";
import { type Column, Table } from "../../panels/Table.tsx";
import { SearchField } from "../../parts/SearchField.tsx";
import { may, session } from "../../session/session.ts";
import { instantText } from "../../time/labels.ts";
import { here } from "./address.ts";
import { types } from "./panels.ts";
import { TypeForm } from "./TypeForm.tsx";

type TypesAnswer = Answer<"/api/event-types">;
export type EventType = TypesAnswer["data"][number];

/** Every name that was ever ingested; its label is the workspace's to choose. */
export function Types({ place }: { place: Place }) {
  return (
    <Panel row={types} tools={<SearchField place={place} label="Search types" />} height={480}>
      {(shown) => <TypesList {...shown} />}
    </Panel>
  );
}

function TypesList({ answer, call, place }: Shown<TypesAnswer>) {
  const [edited, setEdited] = useState<EventType | null>(null);
  const client = useQueryClient();
  const isWriter = may(place.workspace, "events:write") && session.value?.customer == null;
  if (answer.data.length === 0) return <p class="empty">{nothing(place)}</p>;
  return (
    <>
      <More call={call} first={answer}>
        {(rows) => (
          <Table
            caption="Event types"
            money={{ currency: place.workspace.currency }}
            rows={rows}
            keyOf={(type) => type.id}
            columns={[...columnsOf(place), ...(isWriter ? [editColumn(setEdited)] : [])]}
            sort={place.params.get("sort") ?? "-occurrences"}
            onSort={(sort) => place.set({ sort: sort === "-occurrences" ? null : sort })}
          />
        )}
      </More>
      {edited && (
        <TypeForm
          type={edited}
          workspace={place.workspace.id}
          onClose={(isChanged) => {
            setEdited(null);
            // Labels stand in lists and charts everywhere.
            if (isChanged) client.invalidateQueries();
          }}
        />
      )}
    </>
  );
}

const nothing = (place: Place) =>
  place.params.get("q")
    ? "No name or label has this text."
    : "No events yet. They come by POST /api/events/ingest, and a name is a type from its first event on.";

function columnsOf(place: Place): Column<EventType>[] {
  const shown = (type: EventType) => (type.source === "user" ? {} : { source: type.source });
  return [
    {
      title: "Label",
      cell: (type) => (
        <Link href={here(place, "", { name: type.name, q: null, sort: null, ...shown(type) })}>{type.label}</Link>
      ),
      sort: "label",
    },
    { title: "Name", cell: (type) => <code>{type.name}</code>, sort: "name" },
    {
      title: "Label of an event from",
      cell: (type) => type.label_property_selector && <code>{type.label_property_selector}</code>,
    },
    { title: "Source", cell: (type) => type.source, sort: "source" },
    { title: "Occurrences", cell: (type) => type.occurrences, unit: "count", sort: "occurrences" },
    {
      title: "First seen",
      cell: (type) => type.first_seen && instantText(type.first_seen, place.zone),
      sort: "first_seen",
    },
    {
      title: "Last seen",
      cell: (type) => type.last_seen && instantText(type.last_seen, place.zone),
      sort: "last_seen",
    },
  ];
}

const editColumn = (edit: (type: EventType) => void): Column<EventType> => ({
  title: "Change",
  cell: (type) => (
    <button
      type="button"
      class="icon quiet"
      aria-label={`Change the label of ${type.name}`}
      title="Change the label"
      onClick={() => edit(type)}
    >
      <Pencil size={14} aria-hidden="true" />
    </button>
  ),
});
