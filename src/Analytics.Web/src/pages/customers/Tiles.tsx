import type { Place } from "../../address/place.ts";
import { Spark } from "../../charts/Spark.tsx";
import { Panel, type Shown } from "../../panels/Panel.tsx";
import { Table } from "../../panels/Table.tsx";
import { Tile } from "../../panels/Tile.tsx";
import { metricOf } from "../metrics/catalogue.ts";
import { isPartial, type Metrics, valuesOf } from "../metrics/series.ts";
import { tileSlugs, tiles, whoOf } from "./panels.ts";

/** What the customer brought and cost. */
export function Tiles() {
  return (
    <Panel row={tiles} class="is-bare" height={140} table={(shown) => <TilesTable {...shown} />}>
      {({ answer, place }) => (
        <div class="tiles is-six">
          {tileSlugs.map((slug) => (
            <MetricOfOne key={slug} slug={slug} answer={answer} place={place} />
          ))}
        </div>
      )}
    </Panel>
  );
}

/** A metric of the customer; it leads to the metric, asked for the customer alone. */
function MetricOfOne({ slug, answer, place }: { slug: string; answer: Metrics; place: Place }) {
  const metric = metricOf(slug);
  if (!metric) return null;
  return (
    <Tile
      slug={slug}
      name={metric.name}
      value={answer.totals[slug] ?? null}
      unit={metric.unit}
      money={{ currency: place.workspace.currency }}
      sense={metric.sense}
      {...(answer.previous ? { before: answer.previous.totals[slug] ?? null } : {})}
      isSoFar={isPartial(answer.periods)}
      href={place.href(`metrics/${slug}`, { customer: whoOf(place).id })}
    >
      <Spark
        values={valuesOf(answer.periods, metric)}
        partialLast={isPartial(answer.periods)}
        label={`${metric.name} per ${place.range.interval}`}
      />
    </Tile>
  );
}

function TilesTable({ answer, place }: Shown<Metrics>) {
  return (
    <Table
      caption="At a glance"
      money={{ currency: place.workspace.currency }}
      rows={tileSlugs}
      keyOf={(slug) => slug}
      columns={[
        { title: "Metric", cell: (slug) => metricOf(slug)?.name },
        { title: "Total", cell: (slug) => answer.totals[slug], unit: (slug) => metricOf(slug)?.unit ?? "number" },
      ]}
    />
  );
}
