import type { Place } from "../../address/place.ts";
import type { Answer } from "../../api/call.ts";
import { bucketColumn } from "../../panels/bucketColumn.ts";
import type { Shown } from "../../panels/Panel.tsx";
import { type Column, Table } from "../../panels/Table.tsx";
import { instantText } from "../../time/labels.ts";
import { metricOf } from "../metrics/catalogue.ts";
import { type Metrics, metricIn } from "../metrics/series.ts";
import { tileSlugs } from "./panels.ts";
import { topNames } from "./top.ts";

const moneyOf = (place: Place) => ({ currency: place.workspace.currency });

export function TilesTable({ answer, place }: Shown<Metrics>) {
  return (
    <Table
      caption="At a glance"
      money={moneyOf(place)}
      rows={tileSlugs.flatMap((slug) => metricOf(slug) ?? [])}
      keyOf={(metric) => metric.slug}
      columns={[
        { title: "Metric", cell: (metric) => metric.name },
        { title: "Total", cell: (metric) => metricIn(answer.totals, metric), unit: (metric) => metric.unit },
      ]}
    />
  );
}

export function MoneyTable({ answer, place }: Shown<Metrics>) {
  return (
    <Table
      caption="Revenue and costs"
      money={moneyOf(place)}
      rows={answer.periods}
      keyOf={(period) => period.timestamp}
      columns={[
        bucketColumn(answer.periods, place.range.interval, place.zone),
        { title: "Revenue", cell: (period) => period.file_share_revenue, unit: "cents" },
        { title: "Costs", cell: (period) => period.costs, unit: "subcents" },
      ]}
    />
  );
}

export function EventsTable({ answer, place }: Shown<Answer<"/api/events/statistics/timeseries">>) {
  const series = topNames(answer);
  return (
    <Table
      caption="Events by name"
      money={moneyOf(place)}
      rows={answer.periods}
      keyOf={(period) => period.timestamp}
      columns={[
        bucketColumn(answer.periods, place.range.interval, place.zone),
        ...series.map(
          (each): Column<(typeof answer.periods)[0]> => ({
            title: each.label,
            cell: (period) => each.values[answer.periods.indexOf(period)],
            unit: "count",
          }),
        ),
      ]}
    />
  );
}

export function RequestsTable({ answer, place }: Shown<Answer<"/api/requests/timeseries">>) {
  const interval = place.range.interval === "hour" ? "hour" : "day";
  return (
    <Table
      caption="API requests"
      money={moneyOf(place)}
      rows={answer.data}
      keyOf={(bucket) => bucket.timestamp}
      columns={[
        bucketColumn(answer.data, interval, place.zone),
        { title: "Requests", cell: (bucket) => bucket.count, unit: "count" },
        { title: "Errors", cell: (bucket) => bucket.errors, unit: "count" },
      ]}
    />
  );
}

export function DegradationsTable({ answer, place }: Shown<Answer<"/api/requests/degradations">>) {
  return (
    <Table
      caption="Degradations"
      money={moneyOf(place)}
      rows={answer.data}
      keyOf={(row) => `${row.endpoint} ${row.since} ${row.measure}`}
      columns={[
        { title: "Endpoint", cell: (row) => row.endpoint },
        { title: "Since", cell: (row) => instantText(row.since, place.zone) },
        { title: "Measure", cell: (row) => row.measure },
        { title: "Baseline", cell: (row) => row.baseline, unit: "number" },
        { title: "Current", cell: (row) => row.current, unit: "number" },
        { title: "Factor", cell: (row) => row.factor, unit: "number" },
      ]}
    />
  );
}
