import { useState } from "preact/hooks";
import { Link } from "wouter-preact";
import type { Place } from "../../../address/place.ts";
import type { Answer } from "../../../api/call.ts";
import { Panel, type Shown } from "../../../panels/Panel.tsx";
import { Table } from "../../../panels/Table.tsx";
import { instantText } from "../../../time/labels.ts";
import { isEverything } from "./names.ts";
import { webhooks } from "./panels.ts";
import { WebhookForm } from "./WebhookForm.tsx";

type WebhooksAnswer = Answer<"/api/v1/webhooks">;
export type Webhook = WebhooksAnswer["data"][number];

export function Webhooks({ place }: { place: Place }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Panel
        row={webhooks}
        height={200}
        tools={
          <button type="button" class="primary" onClick={() => setOpen(true)}>
            New webhook
          </button>
        }
      >
        {(shown) => <List {...shown} />}
      </Panel>
      {isOpen && <WebhookForm place={place} onClose={() => setOpen(false)} />}
    </>
  );
}

/** What it is told, in words. */
export const toldText = (webhook: Pick<Webhook, "events">) =>
  isEverything(webhook.events) ? "everything" : webhook.events.join(", ");

function List({ answer, place }: Shown<WebhooksAnswer>) {
  if (answer.data.length === 0)
    return (
      <p class="empty">No webhooks yet. One tells an address of yours when an alert fires or a report is ready.</p>
    );
  return (
    <Table
      caption="Webhooks"
      money={{ currency: place.workspace.currency }}
      rows={answer.data}
      keyOf={(webhook) => webhook.id}
      columns={[
        {
          title: "Address",
          cell: (webhook) => <Link href={place.href(`alerts/webhooks/${webhook.id}`)}>{webhook.url}</Link>,
        },
        { title: "Is told", cell: toldText },
        { title: "State", cell: (webhook) => <OnOff isOn={webhook.enabled} /> },
        { title: "Made", cell: (webhook) => instantText(webhook.createdAt, place.zone) },
      ]}
    />
  );
}

export const OnOff = ({ isOn }: { isOn: boolean }) => (
  <span class={isOn ? "alert-state is-watching" : "alert-state is-disabled"}>{isOn ? "On" : "Off"}</span>
);
