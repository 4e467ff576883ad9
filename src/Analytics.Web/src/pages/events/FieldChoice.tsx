import { useId, useState } from "preact/hooks";
import type { Place } from "../../address/place.ts";
import { get } from "../../api/call.ts";
import { useCall } from "../../panels/useCall.ts";
import { askedField, knownFields, numericPaths, usualField } from "./field.ts";

/** Which number of the metadata is summed: any dotted path. Offered are those that the last events have. */
export function FieldChoice({ place }: { place: Place }) {
  const [isWanted, setWanted] = useState(false);
  const list = useId();
  const recent = useCall(
    isWanted
      ? get("/api/events", { query: { workspace_id: place.workspace.id, name: place.filters.name, limit: 100 } })
      : null,
  );
  const found = (recent.data?.data ?? []).flatMap((event) => numericPaths(event.metadata));
  const offered = [...new Set([...knownFields.map((row) => row.path), ...found])];
  const choose = (path: string) => place.set({ field: path === usualField ? null : path || null });
  return (
    <form
      class="field-choice"
      // Enter has changed the field already.
      onSubmit={(event) => event.preventDefault()}
    >
      <label>
        Field
        <input
          name="field"
          list={list}
          key={askedField(place).path}
          defaultValue={askedField(place).path}
          autocomplete="off"
          spellcheck={false}
          pattern="[A-Za-z0-9_.\-]{1,255}"
          onFocus={(event) => {
            setWanted(true);
            event.currentTarget.select();
          }}
          onChange={(event) => event.currentTarget.reportValidity() && choose(event.currentTarget.value.trim())}
        />
      </label>
      <datalist id={list}>
        {offered.map((path) => (
          <option key={path} value={path} />
        ))}
      </datalist>
    </form>
  );
}
