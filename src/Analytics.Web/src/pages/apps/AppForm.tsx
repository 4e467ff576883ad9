import { useState } from "preact/hooks";
import type { Place } from "../../address/place.ts";
import { tell } from "../../api/fetch.ts";
import { Dialog } from "../../parts/Dialog.tsx";
import { Fault } from "../../parts/Fault.tsx";
import { Field } from "../../parts/Field.tsx";
import { faultOfAll, useSending } from "../../parts/useSending.ts";
import type { App } from "./List.tsx";
import { quotaBytes, quotaParts, quotaUnits, usualQuota } from "./quota.ts";

interface Props {
  place: Place;
  /** The one to change; none: one is made. */
  app?: App;
  onClose: () => void;
  onSaved: (app: App) => void;
}

/** Makes an app, or changes what it is called and how much its Postgres workspace may hold. */
export function AppForm({ place, app, onClose, onSaved }: Props) {
  const { isBusy, problem, send } = useSending();
  const [isBadQuota, setBadQuota] = useState(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const text = (name: string) => String(form.get(name));
    const quota_bytes = quotaBytes(text("quota"), text("unit"));
    setBadQuota(!Number.isSafeInteger(quota_bytes));
    if (!Number.isSafeInteger(quota_bytes)) return;
    const body = { natural_id: text("natural_id").trim(), name: text("name").trim(), quota_bytes };
    await send(async () => {
      const query = `workspace_id=${place.workspace.id}`;
      onSaved(
        app
          ? await tell<App>("PATCH", `api/apps/${app.id}?${query}`, body)
          : await tell<App>("POST", `api/apps?${query}`, body),
      );
      onClose();
    });
  };
  return (
    <Dialog title={app ? "Change the app" : "New app"} onClose={onClose}>
      <form class="form" noValidate onSubmit={submit}>
        <Field label="Name" fault={problem?.faultOf("name")}>
          {(marks) => <input {...marks} name="name" defaultValue={app?.name ?? ""} autocomplete="off" />}
        </Field>
        <Field
          label="Natural id"
          fault={problem?.faultOf("natural_id")}
          note="owner:slug, unique in the workspace. Routes take it in place of the id."
        >
          {(marks) => (
            <input
              {...marks}
              name="natural_id"
              class="mono"
              placeholder="acme:web"
              defaultValue={app?.natural_id ?? ""}
              autocomplete="off"
              spellcheck={false}
            />
          )}
        </Field>
        <Quota
          bytes={Number(app?.quota_bytes ?? usualQuota)}
          fault={isBadQuota ? "A number of bytes is wanted." : problem?.faultOf("quota_bytes")}
        />
        <Fault text={faultOfAll(problem, ["name", "natural_id", "quota_bytes"])} />
        <div class="form-foot">
          <button type="submit" class="primary" disabled={isBusy}>
            {app ? "Save" : "Make the app"}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function Quota({ bytes, fault }: { bytes: number; fault: string | null | undefined }) {
  const { count, unit } = quotaParts(bytes);
  return (
    <Field label="Quota" fault={fault} note="How much its Postgres workspace may hold.">
      {(marks) => (
        <span class="quota-field">
          <input {...marks} name="quota" inputMode="decimal" defaultValue={String(count)} autocomplete="off" />
          <select name="unit" aria-label="Unit of the quota">
            {quotaUnits.map((each) => (
              <option key={each.name} value={each.name} selected={each.name === unit}>
                {each.name}
              </option>
            ))}
          </select>
        </span>
      )}
    </Field>
  );
}
