import { Link } from "wouter-preact";
import type { Place } from "../../../address/place.ts";
import type { Answer } from "../../../api/call.ts";
import { client } from "../../../api/client.ts";
import { tell } from "../../../api/fetch.ts";
import type { Shown } from "../../../panels/Panel.tsx";
import { Table } from "../../../panels/Table.tsx";
import { Fault } from "../../../parts/Fault.tsx";
import { say } from "../../../parts/Toast.tsx";
import { useSending } from "../../../parts/useSending.ts";
import { may } from "../../../session/session.ts";
import { instantText } from "../../../time/labels.ts";

type DeliveriesAnswer = Answer<"/api/v1/webhooks/{id}/deliveries">;
type Delivery = DeliveriesAnswer["data"][number];
type Try = Delivery["tries"][number];

/** The messages of a webhook and what became of them. */
export function Deliveries({ answer, place }: Shown<DeliveriesAnswer>) {
  if (answer.data.length === 0) return <p class="empty">Nothing was told yet.</p>;
  return (
    <Table
      caption="Deliveries"
      money={{ currency: place.workspace.currency }}
      rows={answer.data}
      keyOf={(delivery) => delivery.id}
      columns={[
        { title: "Told", cell: (delivery) => instantText(delivery.createdAt, place.zone) },
        { title: "Type", cell: (delivery) => <Type delivery={delivery} place={place} /> },
        { title: "State", cell: (delivery) => <span class={`delivery is-${delivery.state}`}>{delivery.state}</span> },
        { title: "Tries", cell: (delivery) => <Tries tries={delivery.tries} zone={place.zone} /> },
        {
          title: "Next try",
          cell: (delivery) => (delivery.nextTryAt ? instantText(delivery.nextTryAt, place.zone) : "-"),
        },
        { title: "Again", cell: (delivery) => <Retry delivery={delivery} place={place} /> },
      ]}
    />
  );
}

function Type({ delivery, place }: { delivery: Delivery; place: Place }) {
  if (!may(place.workspace, "logs:read")) return <code>{delivery.type}</code>;
  return (
    <Link href={place.href("log", { type: delivery.type })}>
      <code>{delivery.type}</code>
    </Link>
  );
}

/** How a try went, in words. */
const tryText = ({ status, error, durationMs }: Try) =>
  `${status ?? error?.replaceAll("_", " ") ?? "no answer"}, ${durationMs} ms`;

function Tries({ tries, zone }: { tries: readonly Try[]; zone: string }) {
  const last = tries.at(-1);
  if (!last) return <span class="muted">none yet</span>;
  if (tries.length === 1) return <>{tryText(last)}</>;
  return (
    <details>
      <summary>
        {tryText(last)} <span class="muted">the last of {tries.length}</span>
      </summary>
      <ol class="tries">
        {tries.map((each) => (
          <li key={each.at}>
            {instantText(each.at, zone)}: {tryText(each)}
          </li>
        ))}
      </ol>
    </details>
  );
}

function Retry({ delivery, place }: { delivery: Delivery; place: Place }) {
  const { isBusy, problem, send } = useSending();
  const again = async () => {
    const address = `api/v1/webhooks/${place.rest[1]}/deliveries/${delivery.id}/retry?tenantId=${place.workspace.id}`;
    if (!(await send(() => tell("POST", address)))) return;
    say("It is tried again now");
    void client.invalidateQueries({ queryKey: ["/api/v1/webhooks/{id}/deliveries"] });
  };
  return (
    <>
      <button type="button" class="quiet" disabled={isBusy} aria-label={`Try ${delivery.type} again`} onClick={again}>
        Try again
      </button>
      <Fault text={problem?.message} />
    </>
  );
}
