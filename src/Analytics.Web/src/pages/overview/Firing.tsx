import { Link } from "wouter-preact";
import type { Answer } from "../../api/call.ts";
import type { Shown } from "../../panels/Panel.tsx";
import { Table } from "../../panels/Table.tsx";
import { wordOf } from "../../query/words.ts";
import { watchedText, whenText } from "../alerts/alertText.ts";
import { State } from "../alerts/State.tsx";
import { windows } from "../alerts/words.ts";

type Alerts = Answer<"/api/v1/alerts">;

const most = 6;

/** The alerts that fire now. */
export function Firing({ answer, place }: Shown<Alerts>) {
  const firing = answer.data.filter((alert) => alert.state === "crossed");
  if (firing.length === 0)
    return (
      <p class="all-well">
        {answer.data.length === 0 ? "Nothing is watched yet." : "No alert fires."}{" "}
        <Link href={place.href("alerts")}>Alerts</Link>
      </p>
    );
  return (
    <ul class="looks">
      {firing.slice(0, most).map((alert) => (
        <li key={alert.id}>
          <Link href={place.href(`alerts/${alert.id}`)}>{alert.name}</Link>
          <span>
            {whenText(alert)} in {wordOf(windows, alert.window)}
          </span>
          <small class="muted">{watchedText(alert)}</small>
        </li>
      ))}
      {firing.length > most && (
        <li>
          <Link href={place.href("alerts")}>All {firing.length}</Link>
        </li>
      )}
    </ul>
  );
}

export function AlertsTable({ answer, place }: Shown<Alerts>) {
  return (
    <Table
      caption="Alerts"
      money={{ currency: place.workspace.currency }}
      rows={answer.data}
      keyOf={(alert) => alert.id}
      columns={[
        { title: "State", cell: (alert) => <State state={alert.state} /> },
        { title: "Name", cell: (alert) => alert.name },
        { title: "Watches", cell: watchedText },
        { title: "Fires when it", cell: whenText },
      ]}
    />
  );
}
