import { Link } from "wouter-preact";
import type { Patch } from "../../address/filters.ts";
import { usePlace } from "../../address/place.ts";
import { Spark } from "../../charts/Spark.tsx";
import { Panel, type Shown } from "../../panels/Panel.tsx";
import { Table } from "../../panels/Table.tsx";
import { Tile } from "../../panels/Tile.tsx";
import { groups, type MetricRow, metricOf, metrics } from "./catalogue.ts";
import { OneMetric } from "./OneMetric.tsx";
import { allMetrics } from "./panels.ts";
import { isPartial, type Metrics, metricIn, valuesOf } from "./series.ts";

/** Every metric at a glance; a click opens one. */
export default function MetricsPage() {
  const place = usePlace();
  const [slug] = place?.rest ?? [];
  if (!place) return null;
  if (!slug)
    return (
      <Panel row={allMetrics} height={900} table={(shown) => <MetricsTable {...shown} />} class="is-bare">
        {(shown) => <Cards {...shown} />}
      </Panel>
    );
  const metric = metricOf(slug);
  if (metric) return <OneMetric metric={metric} />;
  return (
    <p class="notice">
      There is no metric <code>{slug}</code>. <Link href={place.href("metrics")}>All metrics</Link>
    </p>
  );
}

function Cards({ answer, place }: Shown<Metrics>) {
  return (
    <>
      {groups.map((group) => (
        <section key={group} class="metric-group" aria-label={group}>
          <h3>{group}</h3>
          <div class="tiles">
            {metrics
              .filter((metric) => metric.group === group)
              .map((metric) => (
                <MetricTile key={metric.slug} slug={metric.slug} answer={answer} place={place} />
              ))}
          </div>
        </section>
      ))}
    </>
  );
}

interface MetricTileProps extends Pick<Shown<Metrics>, "answer" | "place"> {
  slug: string;
  /** What the metric's page is asked for, besides what all pages share. */
  asked?: Patch;
}

/** A metric's total with its spark line; it leads to the metric's own page. */
export function MetricTile({ slug, answer, place, asked }: MetricTileProps) {
  const metric = metricOf(slug);
  if (!metric) return null;
  return (
    <Tile
      slug={slug}
      name={metric.name}
      value={metricIn(answer.totals, metric)}
      unit={metric.unit}
      money={{ currency: place.workspace.currency }}
      sense={metric.sense}
      {...(answer.previous ? { before: metricIn(answer.previous.totals, metric) } : {})}
      isSoFar={isPartial(answer.periods)}
      href={place.href(`metrics/${slug}`, asked ?? { share: place.filters.share })}
    >
      <Spark
        buckets={answer.periods}
        values={valuesOf(answer.periods, metric)}
        label={`${metric.name} per ${place.range.interval}`}
      />
    </Tile>
  );
}

function MetricsTable({ answer, place }: Shown<Metrics>) {
  return (
    <Table
      caption="All metrics"
      money={{ currency: place.workspace.currency }}
      rows={metrics}
      keyOf={(metric) => metric.slug}
      columns={[
        { title: "Metric", cell: (metric) => metric.name },
        { title: "Group", cell: (metric) => metric.group },
        { title: "Total", cell: (metric) => metricIn(answer.totals, metric), unit: (metric) => metric.unit },
        ...(answer.previous
          ? [
              {
                title: "Before",
                cell: (metric: MetricRow) => answer.previous && metricIn(answer.previous.totals, metric),
                unit: (metric: MetricRow) => metric.unit,
              },
            ]
          : []),
      ]}
    />
  );
}
