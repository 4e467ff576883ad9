import { ArrowLeft } from "lucide-preact";
import { Link } from "wouter-preact";
import type { Place } from "../../address/place.ts";
import type { Answer } from "../../api/call.ts";
import { Bars } from "../../charts/Bars.tsx";
import { precisionOf } from "../../numbers/precision.ts";
import { Panel, type Shown } from "../../panels/Panel.tsx";
import { Table } from "../../panels/Table.tsx";
import { Tile } from "../../panels/Tile.tsx";
import { Callers } from "./Callers.tsx";
import { shareOf } from "./dayTables.tsx";
import { endpointLatency, endpointStatus } from "./panels.ts";
import { EndpointRecent } from "./Recent.tsx";
import { Latency as LatencyChart, Requests, Transferred } from "./Series.tsx";

type Latency = Answer<"/api/requests/latency">;

/** One endpoint: what its requests took, how they ended, and whose they are. */
export function Endpoint({ place, endpoint }: { place: Place; endpoint: string }) {
  return (
    <>
      <p class="endpoint-head">
        <Link href={place.href("api/endpoints")}>
          <ArrowLeft size={14} aria-hidden="true" /> All endpoints
        </Link>
        <code>{endpoint}</code>
      </p>
      <div class="grid">
        <Panel
          row={endpointLatency}
          class="is-bare"
          height={200}
          tools={<Everybody place={place} />}
          table={(shown) => <LatencyTable {...shown} />}
        >
          {(shown) => <Tiles {...shown} />}
        </Panel>
        <Requests />
        <LatencyChart />
        <Panel
          row={endpointStatus}
          class="is-third"
          tools={<Everybody place={place} />}
          table={(shown) => <StatusTable {...shown} />}
        >
          {({ answer, place }) => (
            <Bars
              rows={codesOf(answer).map(([code, count]) => ({
                key: code,
                label: code,
                value: count,
                share: count / Number(answer.count),
              }))}
              unit="count"
              money={{ currency: place.workspace.currency }}
              onPick={(status) => place.go("api/recent", { endpoint, status })}
            />
          )}
        </Panel>
        <Callers />
        <Transferred />
        <EndpointRecent />
      </div>
    </>
  );
}

/** Its route takes no customer. */
const Everybody = ({ place }: { place: Place }) =>
  place.filters.customer.length > 0 ? <span class="muted">Of all customers</span> : null;

const numbers = [
  { slug: "count", name: "Requests", unit: "count" },
  { slug: "min", name: "Fastest", unit: "ms" },
  { slug: "avg", name: "Average", unit: "ms" },
  { slug: "p50", name: "Median", unit: "ms" },
  { slug: "p90", name: "p90", unit: "ms" },
  { slug: "p95", name: "p95", unit: "ms" },
  { slug: "p99", name: "p99", unit: "ms" },
  { slug: "max", name: "Slowest", unit: "ms" },
] as const;

const isPercentile = (slug: string) => slug.startsWith("p");

function Tiles({ answer, place }: Shown<Latency>) {
  return (
    <div class="tiles is-eight">
      {numbers.map(({ slug, name, unit }) => (
        <Tile
          key={slug}
          slug={slug}
          name={name}
          value={answer[slug]}
          unit={unit}
          money={{ currency: place.workspace.currency }}
        >
          {isPercentile(slug) && <small class="muted">{precisionOf(answer.count)}</small>}
        </Tile>
      ))}
    </div>
  );
}

function LatencyTable({ answer, place }: Shown<Latency>) {
  return (
    <Table
      caption={endpointLatency.title}
      money={{ currency: place.workspace.currency }}
      rows={numbers}
      keyOf={(number) => number.slug}
      columns={[
        { title: "Number", cell: (number) => number.name },
        { title: "Value", cell: (number) => answer[number.slug], unit: (number) => number.unit },
        {
          title: "How exact",
          cell: (number) => (isPercentile(number.slug) ? precisionOf(answer.count) : "exact"),
        },
      ]}
    />
  );
}

const codesOf = (answer: Latency) =>
  Object.entries(answer.statusCodes).map(([code, count]) => [code, Number(count)] as const);

function StatusTable({ answer, place }: Shown<Latency>) {
  return (
    <Table
      caption={endpointStatus.title}
      money={{ currency: place.workspace.currency }}
      rows={codesOf(answer)}
      keyOf={([code]) => code}
      columns={[
        { title: "Status", cell: ([code]) => code },
        { title: "Requests", cell: ([, count]) => count, unit: "count" },
        { title: "Share", cell: ([, count]) => shareOf(count, Number(answer.count)), unit: "percent" },
      ]}
    />
  );
}
