import { Link } from "wouter-preact";
import { rangePatch } from "../../address/filters.ts";
import type { Place } from "../../address/place.ts";
import type { Answer } from "../../api/call.ts";
import { format } from "../../numbers/format.ts";
import { Panel, type Shown } from "../../panels/Panel.tsx";
import { Table } from "../../panels/Table.tsx";
import { dateIn } from "../../time/dates.ts";
import { dayText, instantText } from "../../time/labels.ts";
import { EndpointLink } from "./links.tsx";
import { degradations } from "./panels.ts";
import { cutText, lastDays, most } from "./question.ts";
import { daysOf, placeIn } from "./timeLine.ts";

type List = Answer<"/api/requests/degradations">;
type Row = List["data"][number];

const measures = {
  p95: { name: "p95", unit: "ms" },
  serverErrorRate: { name: "Errors of the server", unit: "percent" },
} as const;

const keyOf = (row: Row) => `${row.endpoint} ${row.since} ${row.measure}`;

/** Endpoints that got worse than they are at that hour: on a time line, and as a list. */
export function Degradations({ place }: { place: Place }) {
  return (
    <Panel
      row={degradations}
      tools={<span class="muted">{cutText(place.range, most.days)}</span>}
      table={(shown) => <List {...shown} />}
    >
      {(shown) =>
        shown.answer.data.length === 0 ? (
          <p class="all-well">No endpoint left its baseline.</p>
        ) : (
          <>
            <TimeLine {...shown} />
            <List {...shown} />
          </>
        )
      }
    </Panel>
  );
}

/** What happened, in a sentence. */
function textOf(row: Row, place: Place): string {
  const { name, unit } = measures[row.measure];
  const money = { currency: place.workspace.currency };
  return `${name} ${format(row.current, unit, money)} instead of ${format(row.baseline, unit, money)}, since ${instantText(row.since, place.zone)}`;
}

const factorText = (row: Row) => (row.factor === null ? `${row.current} %` : `${row.factor} ×`);

function TimeLine({ answer, place }: Shown<List>) {
  const range = lastDays(place.range, most.days);
  const endpoints = [...new Set(answer.data.map((row) => row.endpoint))].sort();
  return (
    <div class="timeline">
      {endpoints.map((endpoint) => (
        <div class="timeline-row" key={endpoint}>
          <EndpointLink place={place} endpoint={endpoint} />
          <div class="timeline-track">
            {answer.data
              .filter((row) => row.endpoint === endpoint)
              .map((row) => (
                <Mark key={keyOf(row)} row={row} place={place} at={placeIn(range, row.since)} />
              ))}
          </div>
        </div>
      ))}
      <div class="timeline-row" aria-hidden="true">
        <span />
        <div class="timeline-days">
          {daysOf(range).map(({ date, at }) => (
            <span key={date} style={{ left: `${at * 100}%` }}>
              {dayText(`${date}T00:00:00Z`, "UTC")}
            </span>
          ))}
        </div>
      </div>
    </div>
  );
}

function Mark({ row, place, at }: { row: Row; place: Place; at: number }) {
  const day = dateIn(place.zone, new Date(row.since));
  const text = textOf(row, place);
  return (
    <Link
      class="timeline-mark"
      href={place.href("api/endpoints", { endpoint: row.endpoint, ...rangePatch(day, day) })}
      style={{ "--at": `${at * 100}%` }}
      title={text}
      aria-label={`${factorText(row)}: ${row.endpoint}, ${text}`}
    >
      {factorText(row)}
    </Link>
  );
}

function List({ answer, place }: Shown<List>) {
  const money = { currency: place.workspace.currency };
  return (
    <Table
      caption={degradations.title}
      money={money}
      rows={answer.data}
      keyOf={keyOf}
      columns={[
        { title: "Endpoint", cell: (row) => <EndpointLink place={place} endpoint={row.endpoint} /> },
        { title: "Since", cell: (row) => instantText(row.since, place.zone) },
        { title: "Measure", cell: (row) => measures[row.measure].name },
        { title: "Baseline", cell: (row) => row.baseline, unit: (row) => measures[row.measure].unit },
        { title: "Current", cell: (row) => row.current, unit: (row) => measures[row.measure].unit },
        { title: "Factor", cell: (row) => row.factor, unit: "ratio" },
      ]}
    />
  );
}
