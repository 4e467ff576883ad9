import { Panel, type Shown } from "../../panels/Panel.tsx";
import { Table } from "../../panels/Table.tsx";
import { metricOf } from "../metrics/catalogue.ts";
import { MetricTile } from "../metrics/index.tsx";
import { type Metrics, metricIn } from "../metrics/series.ts";
import { tileSlugs, tiles } from "./panels.ts";

/** What the customer brought and cost; each leads to the metric, asked for the customer alone. */
export function Tiles({ customer }: { customer: string }) {
  return (
    <Panel row={tiles} class="is-bare" height={140} table={(shown) => <TilesTable {...shown} />}>
      {({ answer, place }) => (
        <div class="tiles is-six">
          {tileSlugs.map((slug) => (
            <MetricTile key={slug} slug={slug} asked={{ customer }} answer={answer} place={place} />
          ))}
        </div>
      )}
    </Panel>
  );
}

function TilesTable({ answer, place }: Shown<Metrics>) {
  return (
    <Table
      caption="At a glance"
      money={{ currency: place.workspace.currency }}
      rows={tileSlugs.flatMap((slug) => metricOf(slug) ?? [])}
      keyOf={(metric) => metric.slug}
      columns={[
        { title: "Metric", cell: (metric) => metric.name },
        { title: "Total", cell: (metric) => metricIn(answer.totals, metric), unit: (metric) => metric.unit },
      ]}
    />
  );
}
