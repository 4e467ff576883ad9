import { Link } from "wouter-preact";
import type { Place } from "../../address/place.ts";
import type { Answer } from "../../api/call.ts";
import { Panel, type Shown } from "../../panels/Panel.tsx";
import { Table } from "../../panels/Table.tsx";
import { useCall } from "../../panels/useCall.ts";
import { AnswerChart } from "../../query/AnswerChart.tsx";
import { AnswerTable } from "../../query/AnswerTable.tsx";
import type { Answered } from "../../query/answer.ts";
import { askedOfSaved, type SavedQuery, sentenceOf, timeText } from "../../query/saved.ts";
import { instantText } from "../../time/labels.ts";
import { report, run, runs } from "./panels.ts";
import type { Report } from "./ReportForm.tsx";
import { scheduleText } from "./schedule.ts";
import { Tools } from "./Tools.tsx";

/** One report: what it asks, what that comes to now, and what its schedule has kept. */
export function One({ place }: { place: Place }) {
  const { data } = useCall(report.call(place));
  return (
    <>
      <p class="way-back">
        <Link href={place.href("reports")}>All reports</Link>
      </p>
      <div class="grid">
        <Panel row={report} height={90} tools={data && <Tools report={data} place={place} />}>
          {(shown) => <Record {...shown} />}
        </Panel>
        <Panel row={run} height={280} table={(shown) => data && <RunTable {...shown} query={data.query} />}>
          {(shown) => data && <Run {...shown} query={data.query} />}
        </Panel>
        <Panel row={runs} height={120}>
          {(shown) => <Runs {...shown} />}
        </Panel>
      </div>
    </>
  );
}

function Record({ answer, place }: Shown<Report>) {
  const facts = [
    { title: "Asks", shown: sentenceOf(answer.query), isWide: true },
    { title: "Of", shown: timeText(answer.query) },
    { title: "Runs", shown: scheduleText(answer.schedule) ?? "when it is opened" },
    { title: "Next", shown: answer.nextRunAt ? instantText(answer.nextRunAt, place.zone) : "-" },
    { title: "Changed", shown: instantText(answer.updatedAt, place.zone) },
  ];
  return (
    <div class="record">
      <strong class="record-name">{answer.name}</strong>
      <dl class="fact-grid">
        {facts.map((fact) => (
          <div key={fact.title} class={fact.isWide ? "is-wide" : ""}>
            <dt>{fact.title}</dt>
            <dd>{fact.shown}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

type OfQuery = Pick<Shown<Answered>, "answer" | "place"> & { query: SavedQuery; isBeside?: boolean };

/** What a question came to: chart and table. */
export function Run({ answer, place, query }: OfQuery) {
  return (
    <>
      <AnswerChart answer={answer} asked={askedOfSaved(query, answer, place.workspace.timezone)} place={place} />
      <RunTable answer={answer} place={place} query={query} isBeside />
    </>
  );
}

export function RunTable({ answer, place, query, isBeside }: OfQuery) {
  if (answer.rows.length === 0) return <p class="empty">Nothing that it asks for is there.</p>;
  return (
    <AnswerTable
      answer={answer}
      asked={askedOfSaved(query, answer, place.workspace.timezone)}
      place={place}
      caption="What it comes to"
      isBeside={isBeside}
    />
  );
}

type RunsAnswer = Answer<"/api/v1/analytics/reports/{id}/runs">;

function Runs({ answer, place }: Shown<RunsAnswer>) {
  if (answer.data.length === 0) return <p class="empty">Nothing is kept yet. What a schedule runs is kept here.</p>;
  return (
    <Table
      caption="Kept runs"
      money={{ currency: place.workspace.currency }}
      rows={answer.data}
      keyOf={(each) => each.id}
      columns={[
        {
          title: "Was due",
          cell: (each) => (
            <Link href={place.href(`reports/${place.rest[0]}/runs/${each.id}`)}>
              {instantText(each.at, place.zone)}
            </Link>
          ),
        },
        { title: "Is", cell: (each) => statusText[each.status] ?? each.status },
        { title: "Rows", cell: (each) => each.rows, unit: "count" },
      ]}
    />
  );
}

const statusText: Partial<Record<string, string>> = {
  ok: "whole",
  partial: "not all of it: time ran out",
  failed: "refused",
};
