import { useState } from "preact/hooks";
import type { Place } from "../../address/place.ts";
import type { Answer } from "../../api/call.ts";
import { client } from "../../api/client.ts";
import { jsonText } from "../../api/exact.ts";
import { tell } from "../../api/fetch.ts";
import { Dialog } from "../../parts/Dialog.tsx";
import { Fault } from "../../parts/Fault.tsx";
import { Field } from "../../parts/Field.tsx";
import { faultOfAll, useSending } from "../../parts/useSending.ts";
import { ZoneSelect } from "../../parts/ZoneSelect.tsx";
import { scheduleBody, schedules } from "./schedule.ts";

export type Report = Answer<"/api/v1/analytics/reports/{id}">;

interface Props {
  place: Place;
  /** What it asks. */
  query: object;
  /** The one to change; none: one is made. */
  report?: Report | undefined;
  onClose: () => void;
  onSaved: (report: Report) => void;
}

const fields = ["name", "schedule/every", "schedule/at", "schedule/timezone"];

/** Saves a question under a name, with a schedule where it has one. */
export function ReportForm({ place, query, report, onClose, onSaved }: Props) {
  const { isBusy, problem, send } = useSending();
  const [every, setEvery] = useState<string>(report?.schedule?.every ?? "");
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const text = (name: string) => String(form.get(name) ?? "").trim();
    const body = { name: text("name"), query, schedule: scheduleBody(every, text("at"), text("timezone")) };
    const asked = `?tenantId=${place.workspace.id}`;
    await send(async () => {
      const saved = report
        ? await tell<Report>("PUT", `api/v1/analytics/reports/${report.id}${asked}`, jsonText(body))
        : await tell<Report>("POST", `api/v1/analytics/reports${asked}`, jsonText(body));
      void client.invalidateQueries();
      onClose();
      onSaved(saved);
    });
  };
  return (
    <Dialog title={report ? "Change the report" : "Save as a report"} onClose={onClose}>
      <form class="form" noValidate onSubmit={submit}>
        <Field label="Name" fault={problem?.faultOf("name")}>
          {(marks) => <input {...marks} name="name" defaultValue={report?.name ?? ""} autocomplete="off" />}
        </Field>
        <Field
          label="Runs by itself"
          fault={problem?.faultOf("schedule/every")}
          note="A run is kept, and told in the log as report.ready, which webhooks can take."
        >
          {(marks) => (
            <select {...marks} value={every} onChange={(event) => setEvery(event.currentTarget.value)}>
              <option value="">Never</option>
              {schedules.map((row) => (
                <option key={row.slug} value={row.slug} selected={row.slug === every}>
                  {row.name}
                </option>
              ))}
            </select>
          )}
        </Field>
        {every && (
          <>
            <Field label="At" fault={problem?.faultOf("schedule/at")}>
              {(marks) => <input {...marks} type="time" name="at" defaultValue={report?.schedule?.at ?? "08:00"} />}
            </Field>
            <Field label="Time zone" fault={problem?.faultOf("schedule/timezone")}>
              {(marks) => (
                <ZoneSelect
                  {...marks}
                  name="timezone"
                  zone={report?.schedule?.timezone ?? place.workspace.timezone}
                  first={[place.workspace.timezone]}
                />
              )}
            </Field>
          </>
        )}
        <Fault text={faultOfAll(problem, fields)} />
        <div class="form-foot">
          <button type="submit" class="primary" disabled={isBusy}>
            Save
          </button>
        </div>
      </form>
    </Dialog>
  );
}
