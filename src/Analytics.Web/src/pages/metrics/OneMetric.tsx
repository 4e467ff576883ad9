import { useQuery } from "@tanstack/preact-query";
import { Link } from "wouter-preact";
import { zoomToDays } from "../../address/zoom.ts";
import { root } from "../../api/call.ts";
import { TimeChart } from "../../charts/TimeChart.tsx";
import { bucketColumn } from "../../panels/bucketColumn.ts";
import { Panel, type Shown } from "../../panels/Panel.tsx";
import { Table } from "../../panels/Table.tsx";
import { useFirstEvent } from "../../panels/useFirstEvent.ts";
import type { MetricRow } from "./catalogue.ts";
import { MetricTile } from "./index.tsx";
import { oneMetric } from "./panels.ts";
import { type Metrics, valuesOf } from "./series.ts";

/** One metric, large: per bucket, compared, as a table, and what it means. */
export function OneMetric({ metric }: { metric: MetricRow }) {
  return (
    <Panel
      row={{ ...oneMetric, title: metric.name }}
      height={420}
      table={(shown) => <Buckets {...shown} metric={metric} />}
    >
      {(shown) => (
        <div class="metric-one">
          <div class="metric-side">
            <MetricTile slug={metric.slug} answer={shown.answer} place={shown.place} />
            <Definition metric={metric} />
            <Link href={shown.place.href("metrics")}>All metrics</Link>
          </div>
          <Chart {...shown} metric={metric} />
        </div>
      )}
    </Panel>
  );
}

function Chart({ answer, place, metric }: Shown<Metrics> & { metric: MetricRow }) {
  return (
    <TimeChart
      {...useFirstEvent(place)}
      buckets={answer.periods}
      interval={place.range.interval}
      zone={place.zone}
      unit={metric.unit}
      money={{ currency: place.workspace.currency }}
      label={metric.name}
      sense={metric.sense}
      height={360}
      {...(metric.isLevel || metric.per ? { kind: "line" as const } : {})}
      series={[{ key: metric.slug, label: metric.name, values: valuesOf(answer.periods, metric) }]}
      {...(answer.previous
        ? {
            previous: {
              buckets: answer.previous.periods,
              series: [{ key: metric.slug, label: metric.name, values: valuesOf(answer.previous.periods, metric) }],
            },
          }
        : {})}
      onZoom={(first, last) => place.set(zoomToDays(place, answer.periods, first, last), { isZoom: true })}
    />
  );
}

function Buckets({ answer, place, metric }: Shown<Metrics> & { metric: MetricRow }) {
  const now = valuesOf(answer.periods, metric);
  const before = answer.previous && valuesOf(answer.previous.periods, metric);
  return (
    <Table
      caption={metric.name}
      money={{ currency: place.workspace.currency }}
      rows={answer.periods}
      keyOf={(period) => period.timestamp}
      columns={[
        bucketColumn(answer.periods, place.range.interval, place.zone),
        { title: metric.name, cell: (period) => now[answer.periods.indexOf(period)], unit: metric.unit },
        ...(before
          ? [
              {
                title: "Before",
                cell: (period: Metrics["periods"][0]) => before[answer.periods.indexOf(period)],
                unit: metric.unit,
              },
            ]
          : []),
      ]}
    />
  );
}

interface Document {
  paths: { "/api/metrics": { get: { description: string } } };
}

/** The row of the API's own table of metrics: `| slug | type | per bucket | total | from |`. */
async function definitionOf(slug: string): Promise<string[]> {
  const document = (await (await fetch(new URL("openapi.json", root))).json()) as Document;
  const row = document.paths["/api/metrics"].get.description.split("\n").find((line) => line.includes(`\`${slug}\``));
  return row?.split("|").map((cell) => cell.trim()) ?? [];
}

function Definition({ metric }: { metric: MetricRow }) {
  const found = useQuery({
    queryKey: ["definition", metric.slug],
    queryFn: () => definitionOf(metric.slug),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const [, , , per, total, from] = found.data ?? [];
  if (!per) return null;
  return (
    <dl class="definition">
      <dt>Per bucket</dt>
      <dd>{per}</dd>
      <dt>Total</dt>
      <dd>{total}</dd>
      <dt>From</dt>
      <dd>{from}</dd>
      <dt>In the API</dt>
      <dd>
        <code>{metric.slug}</code>
      </dd>
    </dl>
  );
}
