import { precisionOf } from "../../numbers/precision.ts";
import type { Shown } from "../../panels/Panel.tsx";
import { type Column, Table } from "../../panels/Table.tsx";
import { askedField, only } from "./field.ts";
import type { StatisticsAnswer } from "./Statistics.tsx";

type Total = StatisticsAnswer["totals"][number];

const percentiles = ["p10", "p50", "p90", "p95", "p99"] as const;

interface Props extends Shown<StatisticsAnswer> {
  /** With every digit: the panel's table. */
  isFull?: boolean;
}

/** A row a name; a click chooses the name. */
export function Totals({ answer, place, isFull }: Props) {
  const short = { isBrief: !isFull };
  const { name, unit } = askedField(place);
  const columns: Column<Total>[] = [
    { title: "Event", cell: (total) => total.label, sort: "name" },
    { title: "Occurrences", cell: (total) => total.occurrences, unit: "count", sort: "occurrences" },
    { title: "Customers", cell: (total) => total.customers, unit: "count" },
    { title: `${name}, sum`, cell: (total) => only(total.totals), unit, sort: "total", ...short },
    { title: "Average", cell: (total) => only(total.averages), unit, sort: "average", ...short },
    ...percentiles.map(
      (each): Column<Total> => ({ title: each, cell: (total) => only(total[each]), unit, sort: each, ...short }),
    ),
    { title: "Percentiles are", cell: (total) => precisionOf(total.occurrences) },
  ];
  return (
    <Table
      caption="By name"
      money={{ currency: place.workspace.currency }}
      rows={answer.totals}
      keyOf={(total) => total.event_type_id}
      columns={columns}
      sort={place.params.get("sort") ?? "-total"}
      onSort={(sort) => place.set({ sort: sort === "-total" ? null : sort })}
      onPick={(total) => place.set({ name: total.name })}
    />
  );
}
