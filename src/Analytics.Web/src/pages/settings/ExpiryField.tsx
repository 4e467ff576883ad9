import { useState } from "preact/hooks";
import type { Place } from "../../address/place.ts";
import { Field } from "../../parts/Field.tsx";
import { type ExpiryRow, expiresAt, onDate } from "./expiry.ts";

interface Props {
  place: Place;
  rows: ExpiryRow[];
  first: ExpiryRow;
  fault: string | null | undefined;
}

/** How long something is good for; `expiryOf` reads it from the form. */
export function ExpiryField({ place, rows, first, fault }: Props) {
  const [value, setValue] = useState(first.value);
  return (
    <>
      <Field label="Ends" fault={fault}>
        {(marks) => (
          <select {...marks} name="expiry" value={value} onChange={(event) => setValue(event.currentTarget.value)}>
            {rows.map((row) => (
              <option key={row.value} value={row.value}>
                {row.name}
              </option>
            ))}
          </select>
        )}
      </Field>
      {value === onDate.value && (
        <Field label="Last day" note={`It ends with this day in ${place.workspace.timezone}.`}>
          {(marks) => <input {...marks} type="date" name="expiry-date" required min={place.today} />}
        </Field>
      )}
    </>
  );
}

export function expiryOf(fields: FormData, rows: ExpiryRow[], place: Place): string | null {
  const row = rows.find((each) => each.value === fields.get("expiry")) ?? (rows[0] as ExpiryRow);
  return expiresAt(row, String(fields.get("expiry-date")), place.workspace.timezone, new Date());
}
