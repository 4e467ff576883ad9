import type { Place } from "../../address/place.ts";
import type { Answer } from "../../api/call.ts";
import { Panel, type Shown } from "../../panels/Panel.tsx";
import { Table } from "../../panels/Table.tsx";
import { session } from "../../session/session.ts";
import { instantText } from "../../time/labels.ts";
import { CustomerLink, EndpointLink } from "./links.tsx";
import { patterns, slow } from "./panels.ts";
import { cutText, dateText, dayOf, most } from "./question.ts";
import { Status } from "./Status.tsx";
import { weekdays } from "./weekdays.ts";

/** What takes longer than a second: on one day, and again and again. */
export function Slow({ place }: { place: Place }) {
  const isPortal = session.value?.customer != null;
  return (
    <div class="grid">
      {!isPortal && (
        <Panel row={patterns} height={120} tools={<span class="muted">{cutText(place.range, most.patterns)}</span>}>
          {(shown) => <Patterns {...shown} />}
        </Panel>
      )}
      <Panel row={slow} height={480} tools={<DayChoice place={place} />}>
        {(shown) => <Slowest {...shown} />}
      </Panel>
    </div>
  );
}

function DayChoice({ place }: { place: Place }) {
  return (
    <label class="day-choice">
      Day
      <input
        type="date"
        value={dayOf(place)}
        max={place.today}
        onChange={(event) => place.set({ date: event.currentTarget.value || null })}
      />
    </label>
  );
}

function Slowest({ answer, place }: Shown<Answer<"/api/requests/slow">>) {
  if (answer.data.length === 0)
    return <p class="all-well">No request of {dateText(dayOf(place))} took longer than a second.</p>;
  return (
    <Table
      caption={slow.title}
      money={{ currency: place.workspace.currency }}
      rows={answer.data}
      keyOf={(row, index) => `${row.timestamp} ${index}`}
      columns={[
        { title: "Endpoint", cell: (row) => <EndpointLink place={place} endpoint={row.endpoint} /> },
        { title: "Latency", cell: (row) => row.latencyMs, unit: "ms" },
        { title: "Status", cell: (row) => <Status code={row.statusCode} /> },
        { title: "Customer", cell: (row) => <CustomerLink place={place} customer={row.customerId} /> },
        { title: "Time", cell: (row) => instantText(row.timestamp, place.zone) },
      ]}
    />
  );
}

const hourText = (hour: number) => `${String(hour).padStart(2, "0")}:00`;

function Patterns({ answer, place }: Shown<Answer<"/api/requests/slow/patterns">>) {
  if (answer.data.length === 0) return <p class="all-well">No endpoint is slow at the same hour again and again.</p>;
  return (
    <Table
      caption={patterns.title}
      money={{ currency: place.workspace.currency }}
      rows={answer.data}
      keyOf={(row) => `${row.endpoint} ${row.hour}`}
      columns={[
        { title: "Endpoint", cell: (row) => <EndpointLink place={place} endpoint={row.endpoint} /> },
        {
          title: "When",
          cell: (row) =>
            `${row.weekday ? `${weekdays[row.weekday - 1]}s` : "Every day"}, ${hourText(row.hour)}–${hourText(row.hour + 1)}`,
        },
        { title: "Slow days", cell: (row) => row.slowDays, unit: "count" },
        { title: "Of days", cell: (row) => row.days, unit: "count" },
        { title: "p95", cell: (row) => row.p95, unit: "ms" },
        { title: "p95 otherwise", cell: (row) => row.p95Otherwise, unit: "ms" },
      ]}
    />
  );
}
