import { useState } from "preact/hooks";
import type { Place } from "../../address/place.ts";
import { tell } from "../../api/fetch.ts";
import { copy } from "../../parts/Copy.tsx";
import { Dialog } from "../../parts/Dialog.tsx";
import { Field } from "../../parts/Field.tsx";
import { faultOfAll, useSending } from "../../parts/useSending.ts";
import { instantText } from "../../time/labels.ts";
import { askedDays, whoOf } from "./panels.ts";

interface ReportLink {
  url: string;
  expiresAt: string;
}

const lives = [1, 7, 30];
const dayMs = 86_400_000;

/** Makes a link that opens this report, and nothing else, without a key. It is shown this once. */
export function ShareForm({ place, onClose }: { place: Place; onClose: () => void }) {
  const { isBusy, problem, send } = useSending();
  const [link, setLink] = useState<ReportLink | null>(null);
  const days = askedDays(place);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const life = Number(new FormData(event.currentTarget as HTMLFormElement).get("life"));
    // A minute less: the longest life is measured by the service's clock.
    const expiresAt = new Date(Date.now() + life * dayMs - 60_000).toISOString();
    await send(async () => {
      const address = `api/requests/customers/${encodeURIComponent(whoOf(place).id)}/report/links?tenantId=${place.workspace.id}`;
      setLink(await tell<ReportLink>("POST", address, { days: Number(days), timezone: place.zone, expiresAt }));
    });
  };
  return (
    <Dialog title="Share the report" onClose={onClose}>
      {link ? (
        <Made link={link} zone={place.zone} />
      ) : (
        <form class="form" onSubmit={submit}>
          <p>
            Whoever has the link sees this report of {days} days, always up to the day it is opened, and nothing else.
            It ends with the key that you signed in with.
          </p>
          <Field label="Ends in" fault={problem?.faultOf("expiresAt")}>
            {(marks) => (
              <select {...marks} name="life" defaultValue="7">
                {lives.map((life) => (
                  <option key={life} value={life} selected={life === 7}>
                    {life === 1 ? "1 day" : `${life} days`}
                  </option>
                ))}
              </select>
            )}
          </Field>
          {problem && <p class="fault">{faultOfAll(problem, ["expiresAt"])}</p>}
          <div class="form-foot">
            <button type="submit" class="primary" disabled={isBusy}>
              Make a link
            </button>
          </div>
        </form>
      )}
    </Dialog>
  );
}

function Made({ link, zone }: { link: ReportLink; zone: string }) {
  return (
    <div class="form">
      <Field label="The link" note={`It is shown this once, and ends ${instantText(link.expiresAt, zone)}.`}>
        {(marks) => <textarea {...marks} class="code" rows={4} readOnly value={link.url} />}
      </Field>
      <div class="form-foot">
        <a class="button" href={link.url} target="_blank" rel="noreferrer">
          Open
        </a>
        <button type="button" class="primary" onClick={() => copy(link.url, "the link")}>
          Copy
        </button>
      </div>
    </div>
  );
}
