import type { Place } from "../../address/place.ts";
import { Spark } from "../../charts/Spark.tsx";
import { Panel, type Shown } from "../../panels/Panel.tsx";
import { Table } from "../../panels/Table.tsx";
import { Tile } from "../../panels/Tile.tsx";
import { metricOf } from "../metrics/catalogue.ts";
import { isPartial, type Metrics, valuesOf } from "../metrics/series.ts";
import { tileSlugs, tiles } from "./panels.ts";

/** What the customer brought and cost; each leads to the metric, asked for the customer alone. */
export function Tiles({ customer }: { customer: string }) {
  return (
    <Panel row={tiles} class="is-bare" height={140} table={(shown) => <TilesTable {...shown} />}>
      {({ answer, place }) => (
        <div class="tiles is-six">
          {tileSlugs.map((slug) => (
            <MetricOfOne key={slug} slug={slug} customer={customer} answer={answer} place={place} />
          ))}
        </div>
      )}
    </Panel>
  );
}

interface OneProps {
  slug: string;
  customer: string;
  answer: Metrics;
  place: Place;
}

function MetricOfOne({ slug, customer, answer, place }: OneProps) {
  const metric = metricOf(slug);
  if (!metric) return null;
  return (
    <Tile
      slug={slug}
      name={metric.name}
      value={answer.totals[slug] ?? null}
      isMissing={metric.per !== undefined && Number(answer.totals[metric.per]) === 0}
      unit={metric.unit}
      money={{ currency: place.workspace.currency }}
      sense={metric.sense}
      {...(answer.previous ? { before: answer.previous.totals[slug] ?? null } : {})}
      isSoFar={isPartial(answer.periods)}
      href={place.href(`metrics/${slug}`, { customer })}
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
