import { useEffect, useId, useState } from "preact/hooks";
import type { Place } from "../../address/place.ts";
import { get } from "../../api/call.ts";
import { ask } from "../../api/fetch.ts";
import { useCall } from "../../panels/useCall.ts";
import { Field } from "../../parts/Field.tsx";

interface Props {
  place: Place;
  value: string;
  onChange: (value: string) => void;
  fault: string | null | undefined;
  note: string;
}

const pause = 250;

/** A customer, by its external id; the workspace's are suggested. */
export function CustomerField({ place, value, onChange, fault, note }: Props) {
  const list = useId();
  const [q, setQ] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setQ(value), pause);
    return () => clearTimeout(timer);
  }, [value]);
  const found = useCall(
    get("/api/customers", { query: { workspace_id: place.workspace.id, limit: 20, q: q ? [q] : null, sort: "name" } }),
  );
  return (
    <Field label="Customer" fault={fault} note={note}>
      {(marks) => (
        <>
          <input
            {...marks}
            list={list}
            autocomplete="off"
            placeholder="External id"
            value={value}
            onInput={(event) => onChange(event.currentTarget.value)}
          />
          <datalist id={list}>
            {found.data?.data.map(
              (customer) =>
                customer.external_id && (
                  <option key={customer.id} value={customer.external_id}>
                    {customer.name ?? customer.external_id}
                  </option>
                ),
            )}
          </datalist>
        </>
      )}
    </Field>
  );
}

/** The id of the customer with an external id; null where there is none. */
export async function customerIdOf(place: Place, externalId: string): Promise<string | null> {
  const call = get("/api/customers", { query: { workspace_id: place.workspace.id, external_id: [externalId] } });
  return (await ask(call)).data[0]?.id ?? null;
}
