import { ShieldAlert, ShieldCheck, ShieldQuestion } from "lucide-preact";
import { useState } from "preact/hooks";
import { type Answer, curlOf, get } from "../api/call.ts";
import { exact } from "../numbers/format.ts";
import { useCall } from "../panels/useCall.ts";
import { CopyButton } from "../parts/Copy.tsx";
import { Dialog } from "../parts/Dialog.tsx";
import { may, session, type Workspace } from "../session/session.ts";
import { instantText, shortTime } from "../time/labels.ts";

type Verification = Answer<"/api/verification">;

/** Whether the numbers are what the facts add up to, as last night's count found. A customer's key is not told. */
export function Verified({ workspace }: { workspace: Workspace }) {
  const isTold = may(workspace, "stats:read") && session.value?.customer == null;
  const call = isTold ? get("/api/verification", { query: { workspace_id: workspace.id } }) : null;
  const { data } = useCall(call);
  const [isOpen, setOpen] = useState(false);
  if (!data || !call) return null;
  const { Icon, state, text } = saidOf(data, workspace.timezone);
  return (
    <>
      <button type="button" class={`verified quiet is-${state}`} onClick={() => setOpen(true)}>
        <Icon size={16} aria-hidden="true" />
        <span>{text}</span>
      </button>
      {isOpen && (
        <Dialog title="Are the numbers right?" onClose={() => setOpen(false)}>
          <Found found={data} zone={workspace.timezone} curl={curlOf(call)} />
        </Dialog>
      )}
    </>
  );
}

/** What the badge says. */
function saidOf({ checked_at, differences }: Verification, zone: string) {
  if (!checked_at) return { Icon: ShieldQuestion, state: "unknown", text: "Not verified yet" };
  if (Number(differences) > 0)
    return { Icon: ShieldAlert, state: "wrong", text: `${counted(differences)} differences` };
  return { Icon: ShieldCheck, state: "right", text: `Verified ${shortTime(checked_at, zone)}` };
}

const counted = (value: number) => exact(value, "count", { currency: "" });

function Found({ found, zone, curl }: { found: Verification; zone: string; curl: string }) {
  const { checked_at, raw_events, rollup_rows, differences } = found;
  if (!checked_at) return <p>Every night all facts are counted anew. It has not been done here yet.</p>;
  return (
    <>
      <p>
        {Number(differences) === 0
          ? "All facts were counted anew, and every number was what they add up to."
          : "All facts were counted anew, and some numbers were not what they add up to. The command rebuild mends them."}
      </p>
      <dl class="facts">
        <div>
          <dt>Checked</dt>
          <dd>{instantText(checked_at, zone)}</dd>
        </div>
        <div>
          <dt>Facts counted</dt>
          <dd>{counted(raw_events)}</dd>
        </div>
        <div>
          <dt>Sums compared</dt>
          <dd>{counted(rollup_rows)}</dd>
        </div>
        <div>
          <dt>Differences</dt>
          <dd>{counted(differences)}</dd>
        </div>
      </dl>
      <p>
        <CopyButton text={curl} label="Copy as curl" />
      </p>
    </>
  );
}
