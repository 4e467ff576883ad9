import { useQueryClient } from "@tanstack/preact-query";
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { useLocation } from "wouter-preact";
import type { Answer } from "../../api/call.ts";
import { tell } from "../../api/fetch.ts";
import type { Shown } from "../../panels/Panel.tsx";
import { Table } from "../../panels/Table.tsx";
import { CopyButton } from "../../parts/Copy.tsx";
import { ask } from "../../parts/Dialog.tsx";
import { JsonTree } from "../../parts/JsonTree.tsx";
import { say } from "../../parts/Toast.tsx";
import { faultOfAll, useSending } from "../../parts/useSending.ts";
import { may, session } from "../../session/session.ts";
import { instantText } from "../../time/labels.ts";
import { CustomerForm } from "./CustomerForm.tsx";
import { nameOf } from "./List.tsx";

type RecordAnswer = Answer<"/api/customers/{id}">;

/** Who the customer is; changed and erased by those who may. */
export function Record(shown: Shown<RecordAnswer>) {
  const { answer: customer, place } = shown;
  const isWriter = may(place.workspace, "customers:write");
  // The name stands above the others.
  const [, ...facts] = factsOf(shown);
  return (
    <div class="record">
      <div class="record-who">
        <strong class="record-name">{nameOf(customer)}</strong>
        {isWriter && (
          <div class="record-tools">
            <Change {...shown} />
            {session.value?.customer == null && <Erase {...shown} />}
          </div>
        )}
      </div>
      <dl class="fact-grid">
        {facts.map((fact) => (
          <div key={fact.title} class={fact.isWide ? "is-wide" : ""}>
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
  isWide?: boolean;
}

const factsOf = ({ answer: customer, place }: Shown<RecordAnswer>): Fact[] => [
  { title: "Name", shown: customer.name ?? "-" },
  { title: "Email", shown: customer.email ?? "-" },
  { title: "External id", shown: customer.external_id ? <Id id={customer.external_id} label="external id" /> : "-" },
  { title: "Id", shown: <Id id={customer.id} label="id" /> },
  { title: "Made", shown: instantText(customer.created_at, place.zone) },
  { title: "Changed", shown: instantText(customer.updated_at, place.zone) },
  ...(customer.metadata ? [{ title: "Metadata", shown: <JsonTree value={customer.metadata} />, isWide: true }] : []),
];

function Id({ id, label }: { id: string; label: string }) {
  return (
    <>
      <code>{id}</code> <CopyButton text={id} label={`Copy the ${label}`} />
    </>
  );
}

export function RecordTable(shown: Shown<RecordAnswer>) {
  return (
    <Table
      caption="Record"
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

function Change({ answer, place }: Shown<RecordAnswer>) {
  const [isOpen, setOpen] = useState(false);
  const client = useQueryClient();
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>
        Change
      </button>
      {isOpen && (
        <CustomerForm
          place={place}
          customer={answer}
          onClose={() => setOpen(false)}
          onSaved={() => {
            client.invalidateQueries();
            say("Saved");
          }}
        />
      )}
    </>
  );
}

/** Erasing cannot be taken back: its name is typed first. Afterwards nothing here remembers the person. */
function Erase({ answer: customer, place }: Shown<RecordAnswer>) {
  const [, navigate] = useLocation();
  const client = useQueryClient();
  const { isBusy, problem, send } = useSending();
  const erase = async () => {
    const isSure = await ask({
      title: "Erase the customer",
      body: (
        <p>
          Everything that names this person goes: the record, both ids in events and requests, and every text in their
          metadata. Totals keep counting. This cannot be taken back.
        </p>
      ),
      confirm: "Erase",
      typed: nameOf(customer),
      isDangerous: true,
    });
    if (!isSure) return;
    await send(async () => {
      const started = await tell<{ job_id: string }>(
        "DELETE",
        `api/customers/${customer.id}?workspace_id=${place.workspace.id}`,
      );
      navigate(place.href(`customers/erasures/${started.job_id}`, { customer: null }), { replace: true });
      client.clear();
    });
  };
  return (
    <>
      <button type="button" disabled={isBusy} onClick={erase}>
        Erase
      </button>
      {problem && <p class="fault">{faultOfAll(problem, [])}</p>}
    </>
  );
}
