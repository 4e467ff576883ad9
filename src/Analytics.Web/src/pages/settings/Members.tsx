import type { Place } from "../../address/place.ts";
import type { Answer } from "../../api/call.ts";
import { client } from "../../api/client.ts";
import { tell } from "../../api/fetch.ts";
import { More } from "../../panels/More.tsx";
import { Panel, type Shown } from "../../panels/Panel.tsx";
import { Table } from "../../panels/Table.tsx";
import { ask } from "../../parts/Dialog.tsx";
import { Fault } from "../../parts/Fault.tsx";
import { say } from "../../parts/Toast.tsx";
import { useSending } from "../../parts/useSending.ts";
import { instantText } from "../../time/labels.ts";
import { Invitations } from "./Invitations.tsx";
import { members } from "./panels.ts";
import { type Role, roles } from "./roles.ts";

type MemberPage = Answer<"/api/workspaces/{id}/members">;
type Member = MemberPage["data"][number];

/** Who sees the workspace, and who was asked to. */
export function Members({ place }: { place: Place }) {
  return (
    <div class="grid">
      <Panel row={members} height={160}>
        {(shown) => <MemberList {...shown} />}
      </Panel>
      <Invitations place={place} />
    </div>
  );
}

function MemberList({ call, answer, place }: Shown<MemberPage>) {
  const { problem, isBusy, send } = useSending();
  const change = async (member: Member, what: () => Promise<unknown>, said: string) => {
    if (await send(what)) say(`${said}: ${member.name}`);
    await client.invalidateQueries({ queryKey: ["/api/workspaces/{id}/members"] });
  };
  const addressOf = (member: Member) => `api/workspaces/${place.workspace.id}/members/${member.user_id}`;
  const remove = async (member: Member) => {
    if (await askToRemove(member, place)) await change(member, () => tell("DELETE", addressOf(member)), "Removed");
  };
  if (answer.data.length === 0) return <p class="empty">Nobody yet: only keys see this workspace.</p>;
  return (
    <>
      <Fault text={problem?.message} />
      <More call={call} first={answer}>
        {(rows) => (
          <Table
            caption="List of members"
            money={{ currency: place.workspace.currency }}
            rows={rows}
            keyOf={(member) => member.user_id}
            columns={[
              { title: "Name", cell: (member) => member.name },
              { title: "E-mail", cell: (member) => member.email },
              { title: "Since", cell: (member) => instantText(member.created_at, place.workspace.timezone) },
              {
                title: "Role",
                cell: (member) => (
                  <RoleChoice
                    label={`Role of ${member.name}`}
                    role={member.role}
                    isBusy={isBusy}
                    onChange={(role) => change(member, () => tell("PUT", addressOf(member), { role }), "Changed")}
                  />
                ),
              },
              {
                title: "Actions",
                cell: (member) => (
                  <button
                    type="button"
                    class="quiet"
                    aria-label={`Remove ${member.name}`}
                    onClick={() => remove(member)}
                  >
                    Remove
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

interface ChoiceProps {
  label: string;
  role: Role;
  isBusy: boolean;
  onChange: (role: string) => void;
}

function RoleChoice({ label, role, isBusy, onChange }: ChoiceProps) {
  return (
    <select aria-label={label} value={role} disabled={isBusy} onChange={(event) => onChange(event.currentTarget.value)}>
      {roles.map((each) => (
        <option key={each.role} value={each.role} title={each.about}>
          {each.role}
        </option>
      ))}
    </select>
  );
}

function askToRemove(member: Member, place: Place): Promise<boolean> {
  return ask({
    title: `Remove ${member.name}?`,
    body: (
      <p>
        {member.email} no longer sees {place.workspace.name}, in any session. To come back they need a new invitation.
      </p>
    ),
    confirm: "Remove",
    isDangerous: true,
  });
}
