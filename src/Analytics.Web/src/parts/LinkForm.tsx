import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { instantText } from "../time/labels.ts";
import { copy } from "./Copy.tsx";
import { Dialog } from "./Dialog.tsx";
import { Fault } from "./Fault.tsx";
import { Field } from "./Field.tsx";
import { faultOfAll, useSending } from "./useSending.ts";

export interface SharedLink {
  url: string;
  expiresAt: string;
}

interface Props {
  title: string;
  /** What whoever has the link sees. */
  about: ComponentChildren;
  zone: string;
  make: (expiresAt: string) => Promise<SharedLink>;
  onClose: () => void;
}

const lives = [1, 7, 30];
const dayMs = 86_400_000;

/** Makes a link that opens one report, and nothing else, without a key. It is shown this once. */
export function LinkForm({ title, about, zone, make, onClose }: Props) {
  const { isBusy, problem, send } = useSending();
  const [link, setLink] = useState<SharedLink | null>(null);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const life = Number(new FormData(event.currentTarget as HTMLFormElement).get("life"));
    // A minute less: the longest life is measured by the service's clock.
    const expiresAt = new Date(Date.now() + life * dayMs - 60_000).toISOString();
    await send(async () => setLink(await make(expiresAt)));
  };
  return (
    <Dialog title={title} onClose={onClose}>
      {link ? (
        <Made link={link} zone={zone} />
      ) : (
        <form class="form" onSubmit={submit}>
          <p>{about} It ends with the key that you signed in with.</p>
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
          <Fault text={faultOfAll(problem, ["expiresAt"])} />
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

function Made({ link, zone }: { link: SharedLink; zone: string }) {
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
