import { useId, useState } from "preact/hooks";
import type { Place } from "../../address/place.ts";
import { get } from "../../api/call.ts";
import { tell } from "../../api/fetch.ts";
import { useCall } from "../../panels/useCall.ts";
import { Dialog } from "../../parts/Dialog.tsx";
import { Fault } from "../../parts/Fault.tsx";
import { Field } from "../../parts/Field.tsx";
import { useSending } from "../../parts/useSending.ts";
import { FiltersField } from "../../query/FiltersField.tsx";
import { may } from "../../session/session.ts";
import type { UnitRow } from "./Definitions.tsx";
import { bodyOf, changeOf, hasField, textOfUnit, type UnitText } from "./unitBody.ts";
import { aggregations, types } from "./words.ts";

interface Props {
  place: Place;
  /** The one to change; none: one is made. */
  unit?: UnitRow;
  onClose: () => void;
  onSaved: () => void;
}

type TextName = Exclude<keyof UnitText, "filters">;

/** Makes a unit, or changes what may change of one. */
export function UnitForm({ place, unit, onClose, onSaved }: Props) {
  const { isBusy, problem, send } = useSending();
  const [text, setText] = useState(() => textOfUnit(unit));
  const events = useNames(place);
  const list = useId();
  const set = (name: keyof UnitText) => (value: UnitText[typeof name]) => setText({ ...text, [name]: value });
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const query = `tenantId=${place.workspace.id}`;
    const isSent = await send(() =>
      unit
        ? tell(
            "PATCH",
            `api/v1/billable-units/${encodeURIComponent(unit.key)}?${query}`,
            changeOf(textOfUnit(unit), text),
          )
        : tell("POST", `api/v1/billable-units?${query}`, bodyOf(text)),
    );
    if (!isSent) return;
    onSaved();
    onClose();
  };
  const input = (name: TextName, label: string, more: { note?: string; list?: string; class?: string } = {}) => (
    <Field label={label} fault={problem?.faultOf(name)} {...(more.note ? { note: more.note } : {})}>
      {(marks) => (
        <input
          {...marks}
          class={more.class}
          list={more.list}
          value={text[name]}
          autocomplete="off"
          spellcheck={false}
          onInput={(event) => set(name)(event.currentTarget.value)}
        />
      )}
    </Field>
  );
  const choice = (name: TextName, label: string, options: readonly { slug: string; name: string }[]) => (
    <Field label={label} fault={problem?.faultOf(name)}>
      {(marks) => (
        <select {...marks} value={text[name]} onChange={(event) => set(name)(event.currentTarget.value)}>
          {options.map((option) => (
            <option key={option.slug} value={option.slug} selected={option.slug === text[name]}>
              {option.name}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
  return (
    <Dialog title={unit ? "Change the unit" : "New unit"} onClose={onClose}>
      <form class="form" noValidate onSubmit={submit}>
        {!unit && input("key", "Key", { note: "What the API calls it; it stays.", class: "mono" })}
        {input("name", "Name")}
        {input("unitLabel", "One of it is called", { note: "calls, tokens, GB" })}
        {input("eventName", "Events", { note: "The name of the events that it counts.", list, class: "mono" })}
        <datalist id={list}>
          {events.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        {choice("aggregation", "It is", aggregations)}
        {hasField(text.aggregation) &&
          input("field", "Field", { note: "A dotted path in the metadata, like _llm.input_tokens.", class: "mono" })}
        {choice("productType", "Products", [{ slug: "", name: "All events, whatever their product" }, ...types])}
        <FiltersField legend="Only events where" filters={text.filters} problem={problem} onChange={set("filters")} />
        <Fault text={problem && problem.faults.length === 0 ? problem.message : null} />
        <div class="form-foot">
          <button type="submit" class="primary" disabled={isBusy}>
            {unit ? "Save" : "Make the unit"}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** The names of events that there are. */
function useNames({ workspace }: Place): string[] {
  const names = useCall(
    may(workspace, "events:read") ? get("/api/events/names", { query: { workspace_id: workspace.id } }) : null,
  );
  return names.data?.data.map((row) => row.name) ?? [];
}
