import { useQueryClient } from "@tanstack/preact-query";
import { lazy, Suspense } from "preact/compat";
import { Link } from "wouter-preact";
import { type Place, usePlace } from "../../address/place.ts";
import { zoomToDays } from "../../address/zoom.ts";
import type { Value } from "../../api/exact.ts";
import { TimeChart } from "../../charts/TimeChart.tsx";
import { format } from "../../numbers/format.ts";
import type { Unit } from "../../numbers/units.ts";
import { Panel, type Shown } from "../../panels/Panel.tsx";
import { useCall } from "../../panels/useCall.ts";
import { firstType, useFirstEvent } from "../../panels/useFirstEvent.ts";
import { may, session } from "../../session/session.ts";
import { instantText } from "../../time/labels.ts";
import { metricOf } from "../metrics/catalogue.ts";
import { MetricTile } from "../metrics/index.tsx";
import { type Metrics, valuesOf } from "../metrics/series.ts";
import { AlertsTable, Firing } from "./Firing.tsx";
import { Movers, MoversTable } from "./Movers.tsx";
import { alerts, degradations, events, money, movers, requests, tileSlugs, tiles } from "./panels.ts";
import { Recent } from "./Recent.tsx";
import { DegradationsTable, EventsTable, MoneyTable, RequestsTable, TilesTable } from "./tables.tsx";
import { topNames } from "./top.ts";

const Start = lazy(async () => ({ default: (await import("../start/index.tsx")).Start }));

/** What a morning's look needs: money, people, events, API, and what left its baseline. */
export default function Overview() {
  const place = usePlace();
  const client = useQueryClient();
  const types = useCall(place && firstType(place));
  if (!place) return null;
  if (types.data?.data.length === 0 && session.value?.customer == null)
    return (
      <Suspense fallback={null}>
        <Start onFirst={() => client.invalidateQueries()} />
      </Suspense>
    );
  return <Panels place={place} />;
}

function Panels({ place }: { place: Place }) {
  const has = (scope: string) => may(place.workspace, scope);
  return (
    <div class="grid">
      <Panel row={tiles} class="is-bare" height={140} table={(shown) => <TilesTable {...shown} />}>
        {({ answer, place }) => (
          <div class="tiles is-six">
            {tileSlugs.map((slug) => (
              <MetricTile key={slug} slug={slug} answer={answer} place={place} />
            ))}
          </div>
        )}
      </Panel>
      <Panel row={money} class="is-half" table={(shown) => <MoneyTable {...shown} />}>
        {(shown) => <MoneyChart {...shown} />}
      </Panel>
      {has("events:read") && (
        <Panel row={events} class="is-half" table={(shown) => <EventsTable {...shown} />}>
          {(shown) => <EventsChart {...shown} />}
        </Panel>
      )}
      {has("events:read") && (
        <Panel row={movers} class="is-half" table={(shown) => <MoversTable {...shown} />}>
          {(shown) => <Movers {...shown} />}
        </Panel>
      )}
      {has("stats:read") && (
        <Panel row={requests} class="is-half" table={(shown) => <RequestsTable {...shown} />}>
          {(shown) => <RequestsChart {...shown} />}
        </Panel>
      )}
      {has("stats:read") && session.value?.customer == null && (
        <Panel row={degradations} class="is-half" table={(shown) => <DegradationsTable {...shown} />}>
          {(shown) => <Look {...shown} />}
        </Panel>
      )}
      {has("stats:read") && session.value?.customer == null && (
        <Panel row={alerts} class="is-half" table={(shown) => <AlertsTable {...shown} />}>
          {(shown) => <Firing {...shown} />}
        </Panel>
      )}
      {has("logs:read") && <Recent place={place} />}
    </div>
  );
}

const chartOf = (place: Place) => ({
  interval: place.range.interval,
  zone: place.zone,
  money: { currency: place.workspace.currency },
  height: 220,
});

function MoneyChart({ answer, place }: Shown<Metrics>) {
  const series = (periods: Metrics["periods"]) =>
    ["file_share_revenue", "costs"].flatMap((slug) => {
      const metric = metricOf(slug);
      return metric ? [{ key: slug, label: metric.name, values: valuesOf(periods, metric), unit: metric.unit }] : [];
    });
  return (
    <TimeChart
      {...chartOf(place)}
      {...useFirstEvent(place)}
      buckets={answer.periods}
      series={series(answer.periods)}
      {...(answer.previous
        ? { previous: { buckets: answer.previous.periods, series: series(answer.previous.periods) } }
        : {})}
      unit="cents"
      kind="line"
      label="Revenue and costs"
      onZoom={(first, last) => place.set(zoomToDays(place, answer.periods, first, last), { isZoom: true })}
    />
  );
}

function EventsChart({ answer, before, place }: Shown<Parameters<typeof topNames>[0]>) {
  return (
    <TimeChart
      {...chartOf(place)}
      {...useFirstEvent(place)}
      buckets={answer.periods}
      series={topNames(answer)}
      {...(before ? { previous: { buckets: before.periods, series: topNames(before, answer) } } : {})}
      unit="count"
      kind="stack"
      label="Events by name"
      onZoom={(first, last) => place.set(zoomToDays(place, answer.periods, first, last), { isZoom: true })}
    />
  );
}

type Requests = NonNullable<ReturnType<typeof requests.call>>["answers"];

const requestLines = (answer: NonNullable<Requests>) => [
  { key: "count", label: "Requests", values: answer.data.map((bucket) => bucket.count) },
  { key: "errors", label: "Errors", values: answer.data.map((bucket) => bucket.errors), color: "--status-5" },
];

function RequestsChart({ answer, before, place }: Shown<NonNullable<Requests>>) {
  const interval = place.range.interval === "hour" || place.range.interval === "minute" ? place.range.interval : "day";
  return (
    <TimeChart
      {...chartOf(place)}
      interval={interval}
      buckets={answer.data}
      series={requestLines(answer)}
      {...(before ? { previous: { buckets: before.data, series: requestLines(before) } } : {})}
      unit="count"
      kind="line"
      label="API requests"
      onZoom={(first, last) => place.set(zoomToDays(place, answer.data, first, last), { isZoom: true })}
      onPick={() => place.go("api")}
    />
  );
}

function Look({ answer, place }: Shown<NonNullable<NonNullable<ReturnType<typeof degradations.call>>["answers"]>>) {
  if (answer.data.length === 0) return <p class="all-well">No endpoint left its baseline.</p>;
  const text = (value: Value, unit: Unit) => format(value, unit, { currency: place.workspace.currency });
  return (
    <ul class="looks">
      {answer.data.slice(0, 6).map((row) => (
        <li key={`${row.endpoint} ${row.since} ${row.measure}`}>
          <Link href={place.href("api/endpoints", { endpoint: row.endpoint })}>{row.endpoint}</Link>
          <span>
            {row.measure === "p95"
              ? `p95 ${text(row.current, "ms")} instead of ${text(row.baseline, "ms")}`
              : `${text(row.current, "percent")} server errors instead of ${text(row.baseline, "percent")}`}
          </span>
          <small class="muted">since {instantText(row.since, place.zone)}</small>
        </li>
      ))}
      {answer.data.length > 6 && (
        <li>
          <Link href={place.href("api/degradations")}>All {answer.data.length}</Link>
        </li>
      )}
    </ul>
  );
}
