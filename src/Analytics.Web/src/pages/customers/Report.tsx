import { Printer } from "lucide-preact";
import { useState } from "preact/hooks";
import type { Place } from "../../address/place.ts";
import { type Answer, urlOf, withQuery } from "../../api/call.ts";
import { Bars } from "../../charts/Bars.tsx";
import { TimeChart } from "../../charts/TimeChart.tsx";
import type { Unit } from "../../numbers/units.ts";
import { bucketColumn } from "../../panels/bucketColumn.ts";
import type { Shown } from "../../panels/Panel.tsx";
import { Table } from "../../panels/Table.tsx";
import { Tile } from "../../panels/Tile.tsx";
import { Choice } from "../../parts/Tabs.tsx";
import { startIn } from "../../time/dates.ts";
import { askedDays, report, reportDays } from "./panels.ts";
import { ShareForm } from "./ShareForm.tsx";

type ReportAnswer = Answer<"/api/requests/customers/{customerId}/report">;

/** How many days, the same to print, and a link for somebody without a key. */
export function ReportTools({ place }: { place: Place }) {
  const [isSharing, setSharing] = useState(false);
  const call = report.call(place);
  return (
    <>
      <Choice
        label="Days of the report"
        options={reportDays.map((days) => ({ value: days, name: `${days} days` }))}
        value={askedDays(place)}
        onChange={(days) => place.set({ days: days === "30" ? null : days })}
      />
      {call && (
        <a class="button" href={urlOf(withQuery(call, [["format", "html"]]))} target="_blank" rel="noreferrer">
          <Printer size={14} aria-hidden="true" /> Printable
        </a>
      )}
      <button type="button" onClick={() => setSharing(true)}>
        Share
      </button>
      {isSharing && <ShareForm place={place} onClose={() => setSharing(false)} />}
    </>
  );
}

interface Figure {
  slug: string;
  name: string;
  unit: Unit;
  value: (answer: ReportAnswer) => number;
  /** Of requests: where there were none there is nothing to show. */
  isQuotient?: boolean;
}

const figures: Figure[] = [
  { slug: "totalRequests", name: "Requests", unit: "count", value: (answer) => answer.totalRequests },
  { slug: "errorRate", name: "Error rate", unit: "percent", value: (answer) => answer.errorRate, isQuotient: true },
  { slug: "avgLatency", name: "Average latency", unit: "ms", value: (answer) => answer.avgLatency, isQuotient: true },
  { slug: "latency.p50", name: "Latency p50", unit: "ms", value: (answer) => answer.latency.p50, isQuotient: true },
  { slug: "latency.p95", name: "Latency p95", unit: "ms", value: (answer) => answer.latency.p95, isQuotient: true },
  { slug: "latency.p99", name: "Latency p99", unit: "ms", value: (answer) => answer.latency.p99, isQuotient: true },
  { slug: "totalDataTransfer", name: "Response bytes", unit: "bytes", value: (answer) => answer.totalDataTransfer },
];

const shownOf = (figure: Figure, answer: ReportAnswer) =>
  figure.isQuotient && Number(answer.totalRequests) === 0 ? null : figure.value(answer);

/** A report's days as buckets. Its last one is today, so it is not over. */
const bucketsOf = (answer: ReportAnswer, zone: string) =>
  Object.entries(answer.dailyRequests).map(([date, count]) => ({
    timestamp: startIn(zone, date),
    count,
    ...(date === answer.to ? { partial: true } : {}),
  }));

export function Report({ answer, place }: Shown<ReportAnswer>) {
  const money = { currency: place.workspace.currency };
  const buckets = bucketsOf(answer, place.zone);
  return (
    <div class="report">
      <div class="tiles is-flat">
        {figures.map((figure) => (
          <Tile
            key={figure.slug}
            slug={figure.slug}
            name={figure.name}
            value={shownOf(figure, answer)}
            unit={figure.unit}
            money={money}
          />
        ))}
      </div>
      <div class="report-charts">
        <TimeChart
          buckets={buckets}
          interval="day"
          zone={place.zone}
          series={[{ key: "count", label: "Requests", values: buckets.map((bucket) => bucket.count) }]}
          unit="count"
          money={money}
          label="Requests a day"
          height={220}
        />
        <div>
          <h3 class="small-head">Most asked endpoints</h3>
          {answer.topEndpoints.length === 0 ? (
            <p class="muted">No requests.</p>
          ) : (
            <Bars
              rows={answer.topEndpoints.map((row) => ({ key: row.endpoint, label: row.endpoint, value: row.count }))}
              unit="count"
              money={money}
            />
          )}
        </div>
      </div>
    </div>
  );
}

export function ReportTable({ answer, place }: Shown<ReportAnswer>) {
  const money = { currency: place.workspace.currency };
  const buckets = bucketsOf(answer, place.zone);
  return (
    <>
      <Table
        caption="API report"
        money={money}
        rows={figures}
        keyOf={(figure) => figure.slug}
        columns={[
          { title: "Figure", cell: (figure) => figure.name },
          { title: "Value", cell: (figure) => shownOf(figure, answer), unit: (figure) => figure.unit },
        ]}
      />
      <Table
        caption="Requests a day"
        money={money}
        rows={buckets}
        keyOf={(bucket) => bucket.timestamp}
        columns={[
          bucketColumn(buckets, "day", place.zone),
          { title: "Requests", cell: (bucket) => bucket.count, unit: "count" },
        ]}
      />
      <Table
        caption="Most asked endpoints"
        money={money}
        rows={answer.topEndpoints}
        keyOf={(row) => row.endpoint}
        columns={[
          { title: "Endpoint", cell: (row) => row.endpoint },
          { title: "Requests", cell: (row) => row.count, unit: "count" },
        ]}
      />
    </>
  );
}
