import { Plus } from "lucide-preact";
import { useState } from "preact/hooks";
import type { Place } from "../../address/place.ts";
import type { Answer } from "../../api/call.ts";
import { client } from "../../api/client.ts";
import { tell } from "../../api/fetch.ts";
import { More } from "../../panels/More.tsx";
import { Panel, type Shown } from "../../panels/Panel.tsx";
import { Table } from "../../panels/Table.tsx";
import { Dialog } from "../../parts/Dialog.tsx";
import { Fault } from "../../parts/Fault.tsx";
import { Field } from "../../parts/Field.tsx";
import { ShownOnce } from "../../parts/ShownOnce.tsx";
import { say } from "../../parts/Toast.tsx";
import { faultOfAll, useSending } from "../../parts/useSending.ts";
import { instantText } from "../../time/labels.ts";
import { invitations } from "./panels.ts";
import { roles } from "./roles.ts";

type InvitationPage = Answer<"/api/workspaces/{id}/invitations">;

const refresh = () => client.invalidateQueries({ queryKey: ["/api/workspaces/{id}/invitations"] });

/** How a member comes without a key: a link that is opened once. */
export function Invitations({ place }: { place: Place }) {
  const [isInviting, setInviting] = useState(false);
  return (
    <>
      <Panel
        row={invitations}
        height={120}
        tools={
          <button type="button" onClick={() => setInviting(true)}>
            <Plus size={14} aria-hidden="true" /> Invite somebody
          </button>
        }
      >
        {(shown) => <InvitationList {...shown} />}
      </Panel>
      {isInviting && <InvitationForm place={place} onClose={() => setInviting(false)} />}
    </>
  );
}

function InvitationList({ call, answer, place }: Shown<InvitationPage>) {
  const { problem, send } = useSending();
  const zone = place.workspace.timezone;
  const takeBack = async ({ id, name }: InvitationPage["data"][number]) => {
    if (await send(() => tell("DELETE", `api/workspaces/${place.workspace.id}/invitations/${id}`)))
      say(`Taken back: ${name}`);
    await refresh();
  };
  if (answer.data.length === 0) return <p class="empty">No invitation waits.</p>;
  return (
    <>
      <Fault text={problem?.message} />
      <More call={call} first={answer}>
        {(rows) => (
          <Table
            caption="List of invitations"
            money={{ currency: place.workspace.currency }}
            rows={rows}
            keyOf={(invitation) => invitation.id}
            columns={[
              { title: "Name", cell: (invitation) => invitation.name },
              { title: "E-mail", cell: (invitation) => invitation.email },
              { title: "Role", cell: (invitation) => invitation.role },
              { title: "Made", cell: (invitation) => instantText(invitation.created_at, zone) },
              { title: "Ends", cell: (invitation) => instantText(invitation.expires_at, zone) },
              {
                title: "Actions",
                cell: (invitation) => (
                  <button
                    type="button"
                    class="quiet"
                    aria-label={`Take back the invitation of ${invitation.name}`}
                    onClick={() => takeBack(invitation)}
                  >
                    Take back
                  </button>
                ),
              },
            ]}
          />
        )}
      </More>
    </>
  );
}

const daySeconds = 86_400;
const lasts = [
  { days: 1, name: "In a day" },
  { days: 7, name: "In 7 days" },
  { days: 30, name: "In 30 days" },
];

function InvitationForm({ place, onClose }: { place: Place; onClose: () => void }) {
  const [url, setUrl] = useState<string | null>(null);
  return (
    <Dialog title={`Invite somebody to ${place.workspace.name}`} onClose={onClose}>
      {url ? (
        <ShownOnce
          label="Link"
          text={url}
          note="It is shown this once. Whoever opens it first becomes the member and is signed in to this workspace: send it to them alone."
        />
      ) : (
        <Fields place={place} onMade={setUrl} />
      )}
    </Dialog>
  );
}

function Fields({ place, onMade }: { place: Place; onMade: (url: string) => void }) {
  const { isBusy, problem, send } = useSending();
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget as HTMLFormElement);
    await send(async () => {
      const made = await tell<{ url: string }>("POST", `api/workspaces/${place.workspace.id}/invitations`, {
        email: String(fields.get("email")).trim(),
        name: String(fields.get("name")).trim(),
        role: fields.get("role"),
        expires_in: Number(fields.get("days")) * daySeconds,
      });
      onMade(made.url);
      void refresh();
    });
  };
  const fault = faultOfAll(problem, ["email", "name", "role", "expires_in"]);
  return (
    <form class="form" onSubmit={submit}>
      <Field label="E-mail" fault={problem?.faultOf("email")}>
        {(marks) => <input {...marks} type="email" name="email" required autocomplete="off" />}
      </Field>
      <Field label="Name" fault={problem?.faultOf("name")} note="What this workspace calls them.">
        {(marks) => <input {...marks} name="name" required maxLength={200} autocomplete="off" />}
      </Field>
      <Field label="Role" fault={problem?.faultOf("role")}>
        {(marks) => (
          <select {...marks} name="role">
            {roles.map((each) => (
              <option key={each.role} value={each.role}>
                {each.role}: {each.about.toLowerCase()}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label="The link ends" fault={problem?.faultOf("expires_in")}>
        {(marks) => (
          <select {...marks} name="days" defaultValue="7">
            {lasts.map(({ days, name }) => (
              <option key={days} value={days} selected={days === 7}>
                {name}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Fault text={fault} />
      <div class="form-foot">
        <button type="submit" class="primary" disabled={isBusy}>
          Make the link
        </button>
      </div>
    </form>
  );
}
