import { Link } from "wouter-preact";
import type { Answer } from "../../api/call.ts";
import type { Value } from "../../api/exact.ts";
import { format } from "../../numbers/format.ts";
import type { Shown } from "../../panels/Panel.tsx";
import { Table } from "../../panels/Table.tsx";
import { Change } from "../../panels/Tile.tsx";

type Statistics = Answer<"/api/events/statistics/timeseries">;

interface Mover {
  name: string;
  label: string;
  now: Value;
  before: Value;
}

const field = "_cost_amount";

/** Names by how much their costs changed, in money; those that came and went included. */
function moversOf(now: Statistics, before: Statistics | undefined): Mover[] {
  const names = new Map<string, Mover>();
  for (const total of now.totals)
    names.set(total.name, { name: total.name, label: total.label, now: total.totals[field] ?? "0", before: "0" });
  for (const total of before?.totals ?? []) {
    const known = names.get(total.name) ?? { name: total.name, label: total.label, now: "0", before: "0" };
    names.set(total.name, { ...known, before: total.totals[field] ?? "0" });
  }
  const moved = (mover: Mover) => Math.abs(Number(mover.now) - Number(mover.before));
  return [...names.values()].filter((mover) => moved(mover) > 0).sort((a, b) => moved(b) - moved(a));
}

export function Movers({ answer, before, place }: Shown<Statistics>) {
  const movers = moversOf(answer, before).slice(0, 6);
  const money = { currency: place.workspace.currency };
  if (!before) return <p class="muted">Comparing with the time before</p>;
  if (movers.length === 0) return <p class="all-well">No name's costs changed.</p>;
  return (
    <ul class="movers">
      {movers.map((mover) => (
        <li key={mover.name}>
          <Link href={place.href("events", { name: mover.name })}>{mover.label}</Link>
          <span class="number">{format(mover.now, "subcents", money)}</span>
          <Change now={mover.now} before={mover.before} sense="less" />
        </li>
      ))}
    </ul>
  );
}

export function MoversTable({ answer, before, place }: Shown<Statistics>) {
  return (
    <Table
      caption="Movers"
      money={{ currency: place.workspace.currency }}
      rows={moversOf(answer, before)}
      keyOf={(mover) => mover.name}
      columns={[
        { title: "Event", cell: (mover) => mover.label },
        { title: "Costs", cell: (mover) => mover.now, unit: "subcents" },
        { title: "Before", cell: (mover) => mover.before, unit: "subcents" },
      ]}
    />
  );
}
