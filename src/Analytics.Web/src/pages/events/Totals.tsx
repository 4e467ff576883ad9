import type { Shown } from "../../panels/Panel.tsx";
import { type Column, Table } from "../../panels/Table.tsx";
import { askedField, only } from "./field.ts";
import { precisionOf } from "./precision.ts";
import type { StatisticsAnswer } from "./Statistics.tsx";

type Total = StatisticsAnswer["totals"][number];

const percentiles = ["p10", "p50", "p90", "p95", "p99"] as const;

/** A row a name; a click chooses the name. */
export function Totals({ answer, place }: Shown<StatisticsAnswer>) {
  const { name, unit } = askedField(place);
  const columns: Column<Total>[] = [
    { title: "Event", cell: (total) => total.label, sort: "name" },
    { title: "Occurrences", cell: (total) => total.occurrences, unit: "count", sort: "occurrences" },
    { title: "Customers", cell: (total) => total.customers, unit: "count" },
    { title: `${name}, sum`, cell: (total) => only(total.totals), unit, sort: "total" },
    { title: "Average", cell: (total) => only(total.averages), unit, sort: "average" },
    ...percentiles.map(
      (each): Column<Total> => ({ title: each, cell: (total) => only(total[each]), unit, sort: each }),
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
