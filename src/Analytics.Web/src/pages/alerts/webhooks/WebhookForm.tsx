import { useState } from "preact/hooks";
import type { Place } from "../../../address/place.ts";
import { client } from "../../../api/client.ts";
import { tell } from "../../../api/fetch.ts";
import { Dialog } from "../../../parts/Dialog.tsx";
import { Fault } from "../../../parts/Fault.tsx";
import { Field } from "../../../parts/Field.tsx";
import { ShownOnce } from "../../../parts/ShownOnce.tsx";
import { Choice } from "../../../parts/Tabs.tsx";
import { faultOfAll, useSending } from "../../../parts/useSending.ts";
import type { Webhook } from "./List.tsx";
import { everything, isEverything, names } from "./names.ts";

interface Props {
  place: Place;
  /** The one to change; none: one is made. */
  webhook?: Webhook;
  onClose: () => void;
}

export const secretNote =
  "It is shown this once. The receiver checks the header webhook-signature with it, as Standard Webhooks says.";

/** Makes a webhook, and shows its secret once; or changes where it is told, and what. */
export function WebhookForm({ place, webhook, onClose }: Props) {
  const [secret, setSecret] = useState<string | null>(null);
  return (
    <Dialog title={webhook ? "Change the webhook" : "New webhook"} onClose={onClose}>
      {secret ? (
        <ShownOnce label="Secret" text={secret} note={secretNote} />
      ) : (
        <Fields place={place} webhook={webhook} onSaved={(made) => (made ? setSecret(made) : onClose())} />
      )}
    </Dialog>
  );
}

interface FieldsProps {
  place: Place;
  webhook: Webhook | undefined;
  /** With the secret of one that was made. */
  onSaved: (secret: string | null) => void;
}

const usual = ["threshold.exceeded", "anomaly.detected", "report.ready"];

function Fields({ place, webhook, onSaved }: FieldsProps) {
  const [events, setEvents] = useState<string[]>(webhook?.events ?? usual);
  const { isBusy, problem, send } = useSending();
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const url = String(new FormData(event.currentTarget as HTMLFormElement).get("url")).trim();
    const query = `?tenantId=${place.workspace.id}`;
    await send(async () => {
      const address = webhook ? `api/v1/webhooks/${webhook.id}` : "api/v1/webhooks";
      const saved = await tell<{ secret?: string }>(webhook ? "PATCH" : "POST", address + query, { url, events });
      void client.invalidateQueries();
      onSaved(saved.secret ?? null);
    });
  };
  const said =
    problem?.faultOf("events") ?? problem?.faults.find(({ pointer }) => pointer.startsWith("/events/"))?.message;
  return (
    <form class="form" noValidate onSubmit={submit}>
      <Field label="Address" fault={problem?.faultOf("url")} note="https://… It gets a POST for each record.">
        {(marks) => (
          <input {...marks} name="url" type="url" class="mono" defaultValue={webhook?.url ?? ""} autocomplete="off" />
        )}
      </Field>
      <Told events={events} fault={said} onChange={setEvents} />
      <Fault text={said ? null : faultOfAll(problem, ["url"])} />
      <div class="form-foot">
        <button type="submit" class="primary" disabled={isBusy}>
          {webhook ? "Save" : "Make the webhook"}
        </button>
      </div>
    </form>
  );
}

interface ToldProps {
  events: string[];
  fault: string | null | undefined;
  onChange: (events: string[]) => void;
}

/** What it is told: everything, or what is chosen. */
function Told({ events, fault, onChange }: ToldProps) {
  const isAll = isEverything(events);
  return (
    <fieldset class="plain">
      <legend>Is told</legend>
      <Choice
        label="Is told"
        options={[
          { value: "some", name: "What I choose" },
          { value: "all", name: "Everything" },
        ]}
        value={isAll ? "all" : "some"}
        onChange={(choice) => onChange(choice === "all" ? [everything] : usual)}
      />
      {!isAll &&
        names.map(({ slug, about }) => (
          <label class="check" key={slug} title={about}>
            <input
              type="checkbox"
              checked={events.includes(slug)}
              onChange={() =>
                onChange(events.includes(slug) ? events.filter((each) => each !== slug) : [...events, slug])
              }
            />
            <span>
              <code>{slug}</code> <span class="muted">{about}</span>
            </span>
          </label>
        ))}
      <Fault text={fault} />
    </fieldset>
  );
}
