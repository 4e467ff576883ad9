import { useState } from "preact/hooks";
import type { Place } from "../../address/place.ts";
import { client } from "../../api/client.ts";
import { tell } from "../../api/fetch.ts";
import { Dialog } from "../../parts/Dialog.tsx";
import { Fault } from "../../parts/Fault.tsx";
import { Field } from "../../parts/Field.tsx";
import { ShownOnce } from "../../parts/ShownOnce.tsx";
import { faultOfAll, useSending } from "../../parts/useSending.ts";
import { CustomerField, customerIdOf } from "./CustomerField.tsx";
import { ExpiryField, expiryOf } from "./ExpiryField.tsx";
import { type ExpiryRow, month, never, onDate, quarter, week, year } from "./expiry.ts";
import { ScopesField } from "./ScopesField.tsx";
import { isReading, type ScopeRow, scopes, sharedPrefix } from "./scopes.ts";

/** A kind of key to make. */
interface Kind {
  title: string;
  prefix: string;
  scopes: ScopeRow[];
  expiries: ExpiryRow[];
  first: ExpiryRow;
  /** Where the key stands once it is made. */
  label: string;
  textOf: (key: string) => string;
  note: string;
}

export const plainKey: Kind = {
  title: "Make a key",
  prefix: "",
  scopes,
  expiries: [never, month, quarter, year, onDate],
  first: never,
  label: "Key",
  textOf: (key) => key,
  note: "It is shown this once. Keep it where secrets are kept: a program sends it as “Authorization: Bearer …”.",
};

export const sharedLink: Kind = {
  title: "Share this dashboard",
  prefix: sharedPrefix,
  scopes: scopes.filter(isReading),
  expiries: [week, month, quarter, onDate],
  first: month,
  label: "Link",
  // Behind # no server and no log on the way sees it.
  textOf: (key) => new URL(`open#${key}`, document.baseURI).href,
  note: "It is shown this once. Whoever has it sees what you chose until it ends, or until you revoke it here.",
};

interface Props {
  place: Place;
  kind: Kind;
  onClose: () => void;
}

/** Makes a key, and shows it once. */
export function KeyForm({ place, kind, onClose }: Props) {
  const [made, setMade] = useState<string | null>(null);
  return (
    <Dialog title={kind.title} onClose={onClose}>
      {made ? (
        <ShownOnce label={kind.label} text={kind.textOf(made)} note={kind.note} />
      ) : (
        <Fields place={place} kind={kind} onMade={setMade} />
      )}
    </Dialog>
  );
}

const noCustomer = "There is no customer with this external id.";

function Fields({ place, kind, onMade }: { place: Place; kind: Kind; onMade: (key: string) => void }) {
  const [chosen, setChosen] = useState(kind.scopes.filter(isReading).map((row) => row.scope));
  const [customer, setCustomer] = useState("");
  const [isUnknown, setUnknown] = useState(false);
  const { isBusy, problem, send } = useSending();
  const rows = kind.scopes.filter((row) => customer === "" || row.isOfCustomers);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget as HTMLFormElement);
    await send(async () => {
      const customerId = customer === "" ? null : await customerIdOf(place, customer);
      setUnknown(customer !== "" && customerId === null);
      if (customer !== "" && customerId === null) return;
      const made = await tell<{ key: string }>("POST", `api/workspaces/${place.workspace.id}/keys`, {
        name: kind.prefix + String(fields.get("name")).trim(),
        scopes: chosen.filter((scope) => rows.some((row) => row.scope === scope)),
        customer_id: customerId,
        expires_at: expiryOf(fields, kind.expiries, place),
      });
      onMade(made.key);
      void client.invalidateQueries({ queryKey: ["/api/workspaces/{id}/keys"] });
    });
  };
  const fault = faultOfAll(problem, ["name", "scopes", "customer_id", "expires_at"]);
  return (
    <form class="form" onSubmit={submit}>
      <Field label={kind.prefix ? "For whom, or what for" : "Name"} fault={problem?.faultOf("name")}>
        {(marks) => <input {...marks} name="name" required maxLength={190} autocomplete="off" />}
      </Field>
      <ScopesField rows={rows} chosen={chosen} onChange={setChosen} fault={problem?.faultOf("scopes")} />
      <CustomerField
        place={place}
        value={customer}
        onChange={setCustomer}
        fault={isUnknown ? noCustomer : problem?.faultOf("customer_id")}
        note="Left empty, it sees the whole workspace; with one, that customer only."
      />
      <ExpiryField place={place} rows={kind.expiries} first={kind.first} fault={problem?.faultOf("expires_at")} />
      <Fault text={fault} />
      <div class="form-foot">
        <button type="submit" class="primary" disabled={isBusy}>
          {kind.prefix ? "Make the link" : "Make the key"}
        </button>
      </div>
    </form>
  );
}
