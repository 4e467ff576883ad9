import { useState } from "preact/hooks";
import type { Place } from "../../address/place.ts";
import { jsonText } from "../../api/exact.ts";
import { tell } from "../../api/fetch.ts";
import { Dialog } from "../../parts/Dialog.tsx";
import { Field } from "../../parts/Field.tsx";
import { faultOfAll, useSending } from "../../parts/useSending.ts";
import { session } from "../../session/session.ts";
import { bodyOf, metadataFault } from "./body.ts";
import type { Customer } from "./List.tsx";

interface Props {
  place: Place;
  /** The one to change; none: one is made. */
  customer?: Customer;
  /** For one that is made. */
  externalId?: string;
  onClose: () => void;
  onSaved: (customer: Customer) => void;
}

const fields = ["external_id", "name", "email", "metadata"];

/** Makes a customer, or changes what is known about one. */
export function CustomerForm({ place, customer, externalId, onClose, onSaved }: Props) {
  const { isBusy, problem, send } = useSending();
  const [badJson, setBadJson] = useState<string | null>(null);
  const before = { name: customer?.name, email: customer?.email, external_id: customer?.external_id ?? externalId };
  const metadata = customer?.metadata ? jsonText(customer.metadata) : "";
  // Which customer its key is for is not the customer's to change.
  const hasExternalId = session.value?.customer == null;
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const text = String(form.get("metadata")).trim();
    const fault = metadataFault(text);
    setBadJson(fault);
    if (fault) return;
    const asked = ["name", "email", ...(hasExternalId ? ["external_id"] : [])];
    const values = Object.fromEntries(asked.map((name) => [name, String(form.get(name)) || null]));
    const body = bodyOf(values, customer ? { ...before } : {}, text === metadata ? null : text || "null");
    await send(async () => {
      const query = `workspace_id=${place.workspace.id}`;
      onSaved(
        customer
          ? await tell<Customer>("PATCH", `api/customers/${customer.id}?${query}`, body)
          : await tell<Customer>("POST", `api/customers?${query}`, body),
      );
      onClose();
    });
  };
  const text = (name: "name" | "email" | "external_id", label: string, note?: string) => (
    <Field label={label} fault={problem?.faultOf(name)} {...(note ? { note } : {})}>
      {(marks) => <input {...marks} name={name} defaultValue={before[name] ?? ""} autocomplete="off" />}
    </Field>
  );
  return (
    <Dialog title={customer ? "Change the customer" : "New customer"} onClose={onClose}>
      <form class="form" noValidate onSubmit={submit}>
        {text("name", "Name")}
        {text("email", "Email")}
        {hasExternalId &&
          text("external_id", "External id", "The product's own id. Events that name it are this customer's.")}
        <Field label="Metadata" note="A JSON object." fault={badJson ?? problem?.faultOf("metadata")}>
          {(marks) => (
            <textarea {...marks} name="metadata" class="code" rows={6} spellcheck={false} defaultValue={metadata} />
          )}
        </Field>
        {problem && <p class="fault">{faultOfAll(problem, fields)}</p>}
        <div class="form-foot">
          <button type="submit" class="primary" disabled={isBusy}>
            {customer ? "Save" : "Make"}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
