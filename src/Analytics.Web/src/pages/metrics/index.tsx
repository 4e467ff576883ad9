import { Link } from "wouter-preact";
import { usePlace } from "../../address/place.ts";
import { Spark } from "../../charts/Spark.tsx";
import { Panel, type Shown } from "../../panels/Panel.tsx";
import { Table } from "../../panels/Table.tsx";
import { Tile } from "../../panels/Tile.tsx";
import { groups, type MetricRow, metricOf, metrics } from "./catalogue.ts";
import { OneMetric } from "./OneMetric.tsx";
import { allMetrics } from "./panels.ts";
import { isPartial, type Metrics, valuesOf } from "./series.ts";

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

/** A metric's total with its spark line; it leads to the metric's own page. */
export function MetricTile({ slug, answer, place }: { slug: string } & Pick<Shown<Metrics>, "answer" | "place">) {
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
      href={place.href(`metrics/${slug}`, { share: place.filters.share })}
    >
      <Spark
        values={valuesOf(answer.periods, metric)}
        partialLast={isPartial(answer.periods)}
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
        { title: "Total", cell: (metric) => answer.totals[metric.slug], unit: (metric) => metric.unit },
        ...(answer.previous
          ? [
              {
                title: "Before",
                cell: (metric: MetricRow) => answer.previous?.totals[metric.slug],
                unit: (metric: MetricRow) => metric.unit,
              },
            ]
          : []),
      ]}
    />
  );
}
