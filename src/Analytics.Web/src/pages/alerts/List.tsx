import { Link } from "wouter-preact";
import type { Place } from "../../address/place.ts";
import type { Answer } from "../../api/call.ts";
import { Panel, type Shown } from "../../panels/Panel.tsx";
import { type Column, Table } from "../../panels/Table.tsx";
import { wordOf } from "../../query/words.ts";
import { may } from "../../session/session.ts";
import { Severity } from "../log/Severity.tsx";
import { watchedText, whenText } from "./alertText.ts";
import { alerts, usualSort } from "./panels.ts";
import { State } from "./State.tsx";
import { windows } from "./words.ts";

type AlertsAnswer = Answer<"/api/v1/alerts">;
export type Alert = AlertsAnswer["data"][number];

export function AlertsList({ place }: { place: Place }) {
  return (
    <Panel
      row={alerts}
      height={320}
      tools={
        may(place.workspace, "reports:write") && (
          <Link class="button is-primary" href={place.href("alerts/new")}>
            New alert
          </Link>
        )
      }
    >
      {(shown) => <List {...shown} />}
    </Panel>
  );
}

function List({ answer, place }: Shown<AlertsAnswer>) {
  if (answer.data.length === 0)
    return <p class="empty">No alerts yet. An alert watches a number, and says so when it crosses a limit.</p>;
  return (
    <Table
      caption="Alerts"
      money={{ currency: place.workspace.currency }}
      rows={answer.data}
      keyOf={(alert) => alert.id}
      columns={columnsOf(place)}
      sort={place.params.get("sort") ?? usualSort}
      onSort={(sort) => place.set({ sort: sort === usualSort ? null : sort })}
    />
  );
}

const columnsOf = (place: Place): Column<Alert>[] => [
  { title: "State", cell: (alert) => <State state={alert.state} /> },
  {
    title: "Name",
    cell: (alert) => <Link href={place.href(`alerts/${alert.id}`)}>{alert.name}</Link>,
    sort: "name",
  },
  { title: "Watches", cell: watchedText },
  { title: "Fires when it", cell: whenText },
  { title: "In", cell: (alert) => wordOf(windows, alert.window) },
  { title: "Severity", cell: (alert) => <Severity name={alert.severity as "WARN"} />, sort: "severity" },
];
