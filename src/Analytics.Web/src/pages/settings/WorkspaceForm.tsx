import { useLocation } from "wouter-preact";
import type { Place } from "../../address/place.ts";
import { client } from "../../api/client.ts";
import { tell } from "../../api/fetch.ts";
import { Fault } from "../../parts/Fault.tsx";
import { Field } from "../../parts/Field.tsx";
import { say } from "../../parts/Toast.tsx";
import { faultOfAll, useSending } from "../../parts/useSending.ts";
import { recall, type Workspace } from "../../session/session.ts";

const names = ["name", "slug", "timezone", "currency", "retention_days"] as const;

/** The members that differ from what the workspace has. */
export function changesOf(fields: FormData, workspace: Workspace): Partial<Workspace> {
  const changed: Record<string, string | number> = {};
  for (const name of names) {
    const text = String(fields.get(name)).trim();
    const value = name === "retention_days" ? Number(text) : text;
    if (value !== workspace[name]) changed[name] = value;
  }
  return changed;
}

/** What the workspace is called, and how it counts. */
export function WorkspaceForm({ place }: { place: Place }) {
  const { workspace } = place;
  const [, navigate] = useLocation();
  const { isBusy, problem, send } = useSending();
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const changes = changesOf(new FormData(event.currentTarget as HTMLFormElement), workspace);
    if (Object.keys(changes).length === 0) return say("Nothing has changed.");
    await send(async () => {
      await tell("PATCH", `api/workspaces/${workspace.id}`, changes);
      await recall();
      // Days, money and names may all be others now.
      await client.invalidateQueries();
      if (changes.slug) navigate(`/${changes.slug}/settings/workspace`, { replace: true });
      say("Saved");
    });
  };
  const text = (name: (typeof names)[number], label: string, note?: string, more: object = {}) => (
    <Field label={label} fault={problem?.faultOf(name)} {...(note ? { note } : {})}>
      {(marks) => (
        <input {...marks} name={name} required defaultValue={String(workspace[name])} autocomplete="off" {...more} />
      )}
    </Field>
  );
  const fault = faultOfAll(problem, [...names]);
  return (
    <section class="panel is-form" aria-labelledby="workspace-title">
      <h2 id="workspace-title">Workspace</h2>
      <form class="form" onSubmit={submit}>
        {text("name", "Name")}
        {text("slug", "Slug", "It stands in every address of this page: links to the old one end.")}
        <Field label="Time zone" fault={problem?.faultOf("timezone")} note="Days, weeks and months are cut in it.">
          {(marks) => (
            <select {...marks} name="timezone" defaultValue={workspace.timezone}>
              {zonesWith(workspace.timezone).map((zone) => (
                <option key={zone} selected={zone === workspace.timezone}>
                  {zone}
                </option>
              ))}
            </select>
          )}
        </Field>
        {text("currency", "Currency", "Three letters. Fixed once a cost is stored.")}
        {text(
          "retention_days",
          "Days that facts are kept",
          "1 to 36 500. What is older goes in a daily run; sums stay.",
          {
            type: "number",
            min: 1,
            max: 36_500,
          },
        )}
        <Fault text={fault} />
        <div class="form-foot">
          <button type="submit" class="primary" disabled={isBusy}>
            Save
          </button>
        </div>
      </form>
    </section>
  );
}

const zonesWith = (zone: string): string[] => [...new Set([zone, "UTC", ...Intl.supportedValuesOf("timeZone")])];
