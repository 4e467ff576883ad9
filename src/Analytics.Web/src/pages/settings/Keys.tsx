import { Plus } from "lucide-preact";
import { useState } from "preact/hooks";
import { Link } from "wouter-preact";
import type { Place } from "../../address/place.ts";
import type { Answer } from "../../api/call.ts";
import { client } from "../../api/client.ts";
import { tell } from "../../api/fetch.ts";
import { More } from "../../panels/More.tsx";
import { Panel, type Shown } from "../../panels/Panel.tsx";
import { type Column, Table } from "../../panels/Table.tsx";
import { ask } from "../../parts/Dialog.tsx";
import { Fault } from "../../parts/Fault.tsx";
import { say } from "../../parts/Toast.tsx";
import { useSending } from "../../parts/useSending.ts";
import { session } from "../../session/session.ts";
import { minute } from "../../time/clock.ts";
import { instantText } from "../../time/labels.ts";
import { KeyForm, plainKey, sharedLink } from "./KeyForm.tsx";
import { keys, shared } from "./panels.ts";
import { isShared, sharedPrefix } from "./scopes.ts";

type KeyPage = Answer<"/api/workspaces/{id}/keys">;
type Key = KeyPage["data"][number];

/** The workspace's keys: made, listed, revoked. */
export function Keys({ place }: { place: Place }) {
  return (
    <Listed row={keys} kind={plainKey} place={place} make="Make a key">
      {(shown) => <KeyList {...shown} />}
    </Listed>
  );
}

/** Links that let others look: read-only keys that end. */
export function SharedLinks({ place }: { place: Place }) {
  return (
    <Listed row={shared} kind={sharedLink} place={place} make="Share a link">
      {({ answer, place }) => (
        <KeyTable
          rows={answer.data.filter(isShared)}
          nameOf={(key) => key.name.slice(sharedPrefix.length)}
          place={place}
          none="Nothing is shared."
        />
      )}
    </Listed>
  );
}

interface ListedProps {
  row: typeof keys;
  kind: typeof plainKey;
  place: Place;
  make: string;
  children: (shown: Shown<KeyPage>) => preact.ComponentChildren;
}

function Listed({ row, kind, place, make, children }: ListedProps) {
  const [isMaking, setMaking] = useState(false);
  return (
    <>
      <Panel
        row={row}
        height={160}
        tools={
          <button type="button" onClick={() => setMaking(true)}>
            <Plus size={14} aria-hidden="true" /> {make}
          </button>
        }
      >
        {children}
      </Panel>
      {isMaking && <KeyForm place={place} kind={kind} onClose={() => setMaking(false)} />}
    </>
  );
}

function KeyList({ call, answer, place }: Shown<KeyPage>) {
  return (
    <More call={call} first={answer}>
      {(rows) => <KeyTable rows={rows} nameOf={(key) => key.name} place={place} none="There are no keys." />}
    </More>
  );
}

interface TableProps {
  rows: Key[];
  nameOf: (key: Key) => string;
  place: Place;
  none: string;
}

function KeyTable({ rows, nameOf, place, none }: TableProps) {
  const { problem, send } = useSending();
  const revoke = async (key: Key) => {
    if (!(await askToRevoke(key))) return;
    const isDone = await send(() => tell("DELETE", `api/workspaces/${place.workspace.id}/keys/${key.id}`));
    if (isDone) say(`Revoked: ${key.name}`);
    await client.invalidateQueries({ queryKey: ["/api/workspaces/{id}/keys"] });
  };
  if (rows.length === 0) return <p class="empty">{none}</p>;
  return (
    <>
      <Fault text={problem?.message} />
      <Table
        caption="List of keys"
        money={{ currency: place.workspace.currency }}
        rows={rows}
        keyOf={(key) => key.id}
        columns={[{ title: "Name", cell: nameOf }, ...columnsOf(place), revoking(revoke)]}
      />
    </>
  );
}

function columnsOf(place: Place): Column<Key>[] {
  const zone = place.workspace.timezone;
  return [
    { title: "Id", cell: (key) => <code>{key.id}</code> },
    { title: "May", cell: (key) => <ScopeList scopes={key.scopes} /> },
    {
      title: "Customer",
      cell: (key) =>
        key.customer_id ? <Link href={place.href(`customers/${key.customer_id}`)}>This one only</Link> : "All",
    },
    { title: "Made", cell: (key) => instantText(key.created_at, zone) },
    { title: "Ends", cell: (key) => endOf(key.expires_at, zone) },
  ];
}

const revoking = (revoke: (key: Key) => void): Column<Key> => ({
  title: "Actions",
  cell: (key) => (
    <button type="button" class="quiet" aria-label={`Revoke ${key.name}`} onClick={() => revoke(key)}>
      Revoke
    </button>
  ),
});

export const ScopeList = ({ scopes }: { scopes: readonly string[] }) => (
  <span class="scope-list">
    {scopes.map((scope) => (
      <code key={scope}>{scope}</code>
    ))}
  </span>
);

export function endOf(expiresAt: string | null, zone: string): string {
  if (expiresAt === null) return "Never";
  const text = instantText(expiresAt, zone);
  return Date.parse(expiresAt) <= minute.value.getTime() ? `${text} (over)` : text;
}

function askToRevoke(key: Key): Promise<boolean> {
  const isOwn = session.value?.kind === "workspace" && session.value.name === key.name;
  return ask({
    title: `Revoke ${key.name}?`,
    body: (
      <p>
        Whatever uses <code>{key.id}</code> is refused from now on, its sessions, streams and links included. This
        cannot be taken back.
        {isOwn && " You may be signed in with this key: then your session ends too."}
      </p>
    ),
    confirm: "Revoke",
    isDangerous: true,
  });
}
