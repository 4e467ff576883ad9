import { useQueryClient } from "@tanstack/preact-query";
import { Link } from "wouter-preact";
import type { Place } from "../../address/place.ts";
import type { Answer } from "../../api/call.ts";
import { client } from "../../api/client.ts";
import { tell } from "../../api/fetch.ts";
import { More } from "../../panels/More.tsx";
import { Panel, type Shown } from "../../panels/Panel.tsx";
import { useCall } from "../../panels/useCall.ts";
import { ask } from "../../parts/Dialog.tsx";
import { Fault } from "../../parts/Fault.tsx";
import { say } from "../../parts/Toast.tsx";
import { useSending } from "../../parts/useSending.ts";
import { wordOf } from "../../query/words.ts";
import { may } from "../../session/session.ts";
import { instantText } from "../../time/labels.ts";
import { Severity } from "../log/Severity.tsx";
import { bodyOfAlert, textOfAlert, watchedText, whenText } from "./alertText.ts";
import { Crossings } from "./Crossings.tsx";
import type { Alert } from "./List.tsx";
import { Preview } from "./Preview.tsx";
import { alert, history } from "./panels.ts";
import { State } from "./State.tsx";
import { windows } from "./words.ts";

/** One alert: what it watches, when it fired, and how it would have. */
export function One({ place }: { place: Place }) {
  const { data } = useCall(alert.call(place));
  const isWriter = may(place.workspace, "reports:write");
  const log = may(place.workspace, "logs:read") && (
    <Link href={place.href("log", { targetId: place.rest[0] ?? null })}>In the log</Link>
  );
  return (
    <>
      <p class="way-back">
        <Link href={place.href("alerts")}>All alerts</Link>
      </p>
      <div class="grid">
        <Panel row={alert} height={90} tools={isWriter && data && <Tools alert={data} place={place} />}>
          {(shown) => <Record {...shown} />}
        </Panel>
        <Panel row={history} height={160} tools={log}>
          {(shown) => data && <Fired {...shown} alert={data} />}
        </Panel>
        {isWriter && data && <Preview place={place} alert={bodyOfAlert(textOfAlert(data))} />}
      </div>
    </>
  );
}

function Record({ answer, place }: Shown<Alert>) {
  const facts = [
    { title: "Watches", shown: watchedText(answer), isWide: true },
    { title: "Fires when it", shown: whenText(answer) },
    { title: "In", shown: wordOf(windows, answer.window) },
    { title: "Severity", shown: <Severity name={answer.severity as "WARN"} /> },
    { title: "Made", shown: instantText(answer.createdAt, place.zone) },
  ];
  return (
    <div class="record">
      <p class="record-line">
        <strong class="record-name">{answer.name}</strong> <State state={answer.state} />
      </p>
      <dl class="fact-grid">
        {facts.map((fact) => (
          <div key={fact.title} class={fact.isWide ? "is-wide" : ""}>
            <dt>{fact.title}</dt>
            <dd>{fact.shown}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

type HistoryAnswer = Answer<"/api/v1/alerts/{id}/history">;

function Fired({ answer, call, place, alert }: Shown<HistoryAnswer> & { alert: Alert }) {
  if (answer.data.length === 0) return <p class="all-well">It has not fired.</p>;
  return (
    <More call={call} first={answer}>
      {(rows: HistoryAnswer["data"]) => <Crossings caption="Fired" crossings={rows} alert={alert} place={place} />}
    </More>
  );
}

function Tools({ alert, place }: { alert: Alert; place: Place }) {
  const { isBusy, problem, send } = useSending();
  const queries = useQueryClient();
  const address = `api/v1/alerts/${alert.id}?tenantId=${place.workspace.id}`;
  const turn = async () => {
    if (await send(() => tell("PATCH", address, { enabled: !alert.enabled }))) void queries.invalidateQueries();
  };
  const remove = async () => {
    const isSure = await ask({
      title: `Delete ${alert.name}`,
      body: <p>What it has fired stays in the log; its history here goes.</p>,
      confirm: "Delete",
      isDangerous: true,
    });
    if (!isSure || !(await send(() => tell("DELETE", address)))) return;
    say(`${alert.name} is deleted`);
    place.go("alerts");
    void client.invalidateQueries({ queryKey: ["/api/v1/alerts"] });
  };
  return (
    <>
      <Link class="button" href={place.href(`alerts/${alert.id}/change`)}>
        Change
      </Link>
      <button type="button" disabled={isBusy} onClick={turn}>
        {alert.enabled ? "Turn off" : "Turn on"}
      </button>
      <button type="button" disabled={isBusy} onClick={remove}>
        Delete
      </button>
      <Fault text={problem?.message} />
    </>
  );
}
