import { useState } from "preact/hooks";
import { Link } from "wouter-preact";
import type { Place } from "../../../address/place.ts";
import { client } from "../../../api/client.ts";
import { tell } from "../../../api/fetch.ts";
import { Panel, type Shown } from "../../../panels/Panel.tsx";
import { useCall } from "../../../panels/useCall.ts";
import { ask, Dialog } from "../../../parts/Dialog.tsx";
import { Fault } from "../../../parts/Fault.tsx";
import { ShownOnce } from "../../../parts/ShownOnce.tsx";
import { say } from "../../../parts/Toast.tsx";
import { useSending } from "../../../parts/useSending.ts";
import { instantText } from "../../../time/labels.ts";
import { Deliveries } from "./Deliveries.tsx";
import { OnOff, toldText, type Webhook } from "./List.tsx";
import { deliveries, webhook } from "./panels.ts";
import { secretNote, WebhookForm } from "./WebhookForm.tsx";

/** One webhook: where it is told, what, and how that went. */
export function OneWebhook({ place }: { place: Place }) {
  const { data } = useCall(webhook.call(place));
  return (
    <>
      <p class="way-back">
        <Link href={place.href("alerts/webhooks")}>All webhooks</Link>
      </p>
      <div class="grid">
        <Panel row={webhook} height={90} tools={data && <Tools webhook={data} place={place} />}>
          {(shown) => <Record {...shown} />}
        </Panel>
        <Panel row={deliveries} height={240}>
          {(shown) => <Deliveries {...shown} />}
        </Panel>
      </div>
    </>
  );
}

function Record({ answer, place }: Shown<Webhook>) {
  return (
    <div class="record">
      <p class="record-line">
        <strong class="record-name">{answer.url}</strong> <OnOff isOn={answer.enabled} />
      </p>
      <dl class="fact-grid">
        <div class="is-wide">
          <dt>Is told</dt>
          <dd>{toldText(answer)}</dd>
        </div>
        <div>
          <dt>Made</dt>
          <dd>{instantText(answer.createdAt, place.zone)}</dd>
        </div>
        {answer.failingSince && (
          <div>
            <dt>Failing since</dt>
            <dd>{instantText(answer.failingSince, place.zone)}</dd>
          </div>
        )}
      </dl>
    </div>
  );
}

type Opened = { kind: "change" } | { kind: "secret"; secret: string } | null;

function Tools({ webhook, place }: { webhook: Webhook; place: Place }) {
  const [opened, setOpened] = useState<Opened>(null);
  const { isBusy, problem, send } = useSending();
  const at = (path: string) => `api/v1/webhooks/${webhook.id}${path}?tenantId=${place.workspace.id}`;
  const close = () => setOpened(null);
  const turn = async () => {
    if (await send(() => tell("PATCH", at(""), { enabled: !webhook.enabled }))) void client.invalidateQueries();
  };
  const rotate = async () => {
    const isSure = await ask({
      title: "Make a new secret",
      body: <p>Messages are signed with the new one and, for 24 hours, with the ones before.</p>,
      confirm: "Make a secret",
    });
    if (!isSure) return;
    await send(async () => {
      const made = await tell<{ secret: string }>("POST", at("/secrets"));
      setOpened({ kind: "secret", secret: made.secret });
    });
  };
  const remove = async () => {
    const isSure = await ask({
      title: "Delete the webhook",
      body: <p>What was not delivered yet is not delivered any more.</p>,
      confirm: "Delete",
      isDangerous: true,
    });
    if (!isSure || !(await send(() => tell("DELETE", at(""))))) return;
    say("The webhook is deleted");
    place.go("alerts/webhooks");
    void client.invalidateQueries({ queryKey: ["/api/v1/webhooks"] });
  };
  return (
    <>
      <button type="button" onClick={() => setOpened({ kind: "change" })}>
        Change
      </button>
      <button type="button" disabled={isBusy} onClick={turn}>
        {webhook.enabled ? "Turn off" : "Turn on"}
      </button>
      <button type="button" disabled={isBusy} onClick={rotate}>
        New secret
      </button>
      <button type="button" disabled={isBusy} onClick={remove}>
        Delete
      </button>
      <Fault text={problem?.message} />
      {opened?.kind === "change" && <WebhookForm place={place} webhook={webhook} onClose={close} />}
      {opened?.kind === "secret" && (
        <Dialog title="New secret" onClose={close}>
          <ShownOnce label="Secret" text={opened.secret} note={secretNote} />
        </Dialog>
      )}
    </>
  );
}
