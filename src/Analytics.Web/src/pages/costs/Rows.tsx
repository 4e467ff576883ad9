import { double, type Value } from "../../api/exact.ts";
import { format } from "../../numbers/format.ts";
import type { Shown } from "../../panels/Panel.tsx";
import { type Column, Table } from "../../panels/Table.tsx";
import { type Group, groupsOf, hasRevenue, intoRow, partsOf } from "./groups.ts";
import type { Costs } from "./index.tsx";

type Row = Costs["rows"][number];

const isLoss = (value: Value | null) => value !== null && double(value) < 0;

/** Costs, revenue and margin of each; what costs more than it brings is told first. */
export function Rows({ answer, place }: Shown<Costs>) {
  const of = groupsOf(place.params);
  const money = { currency: place.workspace.currency };
  const losing = answer.rows
    .filter((row) => isLoss(row.marginCents))
    .sort((one, other) => double(one.marginCents ?? 0) - double(other.marginCents ?? 0));
  const amount = (title: string, cell: Column<Row>["cell"]): Column<Row> => ({
    title,
    cell,
    unit: "subcents",
    isBrief: true,
  });
  return (
    <>
      {losing.length > 0 && (
        <p class="finding">
          <strong>
            {losing.length === 1 ? "One costs more than it brings:" : `${losing.length} cost more than they bring:`}
          </strong>{" "}
          {losing
            .slice(0, 3)
            .map((row) => `${nameOf(row, of)} (${format(row.marginCents, "subcents", money)})`)
            .join(", ")}
          {losing.length > 3 && ` and ${losing.length - 3} more`}
        </p>
      )}
      <Table
        caption="Who and what"
        money={money}
        rows={answer.rows}
        keyOf={(row) => JSON.stringify(row.key)}
        columns={[
          ...of.map((group, at) => partColumn(of, at, group, (row) => place.set(intoRow(place.params, row.key)))),
          amount("Costs", (row) => row.costCents),
          ...(hasRevenue(place)
            ? [
                amount("Revenue", (row) => row.revenueCents),
                { ...amount("Margin", (row) => row.marginCents), toneOf: (row: Row) => toneOf(row) },
                {
                  title: "Margin in percent",
                  cell: (row: Row) => row.marginPercent,
                  unit: "percent" as const,
                  isBrief: true,
                  toneOf: (row: Row) => toneOf(row),
                },
                { title: "Costs in revenue", cell: (row: Row) => <CostShare row={row} /> },
              ]
            : []),
        ]}
      />
    </>
  );
}

const toneOf = (row: Row) => (isLoss(row.marginCents) ? ("worse" as const) : null);

/** What stands for those that have none. */
const nobody = (group: Group | undefined) => `No ${group?.name.toLowerCase() ?? "key"}`;

const nameOf = (row: Row, of: Group[]) =>
  partsOf(row.name, of)
    .map((name, at) => name ?? nobody(of[at]))
    .join(" / ");

function partColumn(of: Group[], at: number, group: Group, open: (row: Row) => void): Column<Row> {
  return {
    title: group.name,
    cell: (row) => {
      const name = partsOf(row.name, of)[at] ?? null;
      // What has no key cannot be asked for.
      const isOpen = at === 0 && partsOf(row.key, of).some((part) => part !== null);
      const text = name ?? <span class="muted">{nobody(group)}</span>;
      return isOpen ? (
        <button type="button" class="row-link" onClick={() => open(row)}>
          {text}
        </button>
      ) : (
        text
      );
    },
  };
}

/** How much of what it brings it costs; beyond all of it the bar is full. */
function CostShare({ row }: { row: Row }) {
  const [cost, revenue] = [double(row.costCents), row.revenueCents === null ? 0 : double(row.revenueCents)];
  const share = revenue > 0 ? Math.min(1, Math.max(0, cost / revenue)) : cost > 0 ? 1 : 0;
  return (
    <span class={isLoss(row.marginCents) ? "cost-share is-loss" : "cost-share"} aria-hidden="true">
      <span style={{ width: `${(100 * share).toFixed(1)}%` }} />
    </span>
  );
}
