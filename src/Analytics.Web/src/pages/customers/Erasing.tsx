import { useQuery } from "@tanstack/preact-query";
import { Link } from "wouter-preact";
import type { Place } from "../../address/place.ts";
import type { Answer } from "../../api/call.ts";
import { ask } from "../../api/fetch.ts";
import type { Problem } from "../../api/problem.ts";
import { exact } from "../../numbers/format.ts";
import { Panel, type Shown } from "../../panels/Panel.tsx";
import { Table } from "../../panels/Table.tsx";
import { may } from "../../session/session.ts";
import { instantText } from "../../time/labels.ts";
import { erasure } from "./panels.ts";

type ErasureAnswer = Answer<"/api/erasures/{job_id}">;

const pause = 1000;

/** How far an erasure is, until it is done. */
export function Erasing({ place }: { place: Place }) {
  const call = erasure.call(place);
  // The panel's own question, asked again every second.
  useQuery<ErasureAnswer, Problem>({
    queryKey: [call?.route, call?.address, call?.body],
    queryFn: ({ signal }) => ask(call as NonNullable<typeof call>, signal),
    enabled: call !== null,
    refetchInterval: (query) => (query.state.data?.status === "done" || query.state.error ? false : pause),
  });
  return (
    <Panel row={erasure} height={120} table={(shown) => <ErasureTable {...shown} />}>
      {(shown) => <Progress {...shown} />}
    </Panel>
  );
}

const steps = [
  { status: "", name: "Both ids have become a pseudonym" },
  { status: "running", name: "Events and requests are scrubbed" },
  { status: "verifying", name: "All of them are looked through again" },
  { status: "done", name: "Nothing names the person any more" },
];

function Progress({ answer, place }: Shown<ErasureAnswer>) {
  const at = steps.findIndex((step) => step.status === answer.status);
  return (
    <>
      <ol class="steps">
        {steps.map((step, index) => (
          <li
            key={step.status}
            aria-current={index === at ? "step" : undefined}
            class={index < at || answer.status === "done" ? "is-over" : ""}
          >
            {step.name}
          </li>
        ))}
      </ol>
      <p role="status">
        {exact(answer.events, "count", { currency: "" })} events and requests scrubbed.
        {answer.verified_at && ` Verified ${instantText(answer.verified_at, place.zone)}.`}
      </p>
      {answer.status === "done" && (
        <p class="row-of-links">
          <Link href={place.href("customers")}>All customers</Link>
          {may(place.workspace, "logs:read") && (
            <Link href={place.href("log", { type: "customer.erased" })}>What the log keeps of it</Link>
          )}
        </p>
      )}
    </>
  );
}

function ErasureTable({ answer, place }: Shown<ErasureAnswer>) {
  return (
    <Table
      caption="Erasing a customer"
      money={{ currency: place.workspace.currency }}
      rows={[answer]}
      keyOf={(row) => row.job_id}
      columns={[
        { title: "Status", cell: (row) => row.status },
        { title: "Events and requests", cell: (row) => row.events, unit: "count" },
        { title: "Rollups", cell: (row) => row.rollups, unit: "count" },
        { title: "Verified", cell: (row) => row.verified_at && instantText(row.verified_at, place.zone) },
      ]}
    />
  );
}
