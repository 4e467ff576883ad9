import { useState } from "preact/hooks";
import { tell } from "../../api/fetch.ts";
import { Dialog } from "../../parts/Dialog.tsx";
import { Field } from "../../parts/Field.tsx";
import { say } from "../../parts/Toast.tsx";
import { faultOfAll, useSending } from "../../parts/useSending.ts";
import type { EventType } from "./Types.tsx";

interface Props {
  type: EventType;
  workspace: string;
  onClose: (isChanged: boolean) => void;
}

/** Changes what a type is called, and where an event of it takes its own label from. */
export function TypeForm({ type, workspace, onClose }: Props) {
  const { isBusy, problem, send } = useSending();
  const [isBlank, setBlank] = useState(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget as HTMLFormElement);
    const label = String(fields.get("label")).trim();
    setBlank(label === "");
    if (label === "") return;
    const change = { label, label_property_selector: String(fields.get("selector")) || null };
    const isSent = await send(() => tell("PATCH", `api/event-types/${type.id}?workspace_id=${workspace}`, change));
    if (!isSent) return;
    say(`${type.name} is now called ${label}`);
    onClose(true);
  };
  return (
    <Dialog title={type.name} onClose={() => onClose(false)}>
      <form class="form" onSubmit={submit}>
        <Field label="Label" fault={isBlank ? "Must not be blank." : problem?.faultOf("label")}>
          {(marks) => <input {...marks} name="label" defaultValue={type.label} autocomplete="off" />}
        </Field>
        <Field
          label="Label of an event from"
          note="A dotted path in its metadata, like plan.name. An event that has a value there is called by it."
          fault={problem?.faultOf("label_property_selector")}
        >
          {(marks) => (
            <input
              {...marks}
              name="selector"
              defaultValue={type.label_property_selector ?? ""}
              autocomplete="off"
              spellcheck={false}
            />
          )}
        </Field>
        {problem && <p class="fault">{faultOfAll(problem, ["label", "label_property_selector"])}</p>}
        <div class="form-foot">
          <button type="submit" class="primary" disabled={isBusy}>
            Save
          </button>
        </div>
      </form>
    </Dialog>
  );
}
