import { Link } from "wouter-preact";
import type { Place } from "../../address/place.ts";
import type { Answer } from "../../api/call.ts";
import { More } from "../../panels/More.tsx";
import { Panel, type Shown } from "../../panels/Panel.tsx";
import { type Column, Table } from "../../panels/Table.tsx";
import { SearchField } from "../../parts/SearchField.tsx";
import { sentenceOf, timeText } from "../../query/saved.ts";
import { instantText } from "../../time/labels.ts";
import { reports, usualSort } from "./panels.ts";
import { scheduleText } from "./schedule.ts";

type ReportsAnswer = Answer<"/api/v1/analytics/reports">;
type Row = ReportsAnswer["data"][number];

export function ReportsList({ place }: { place: Place }) {
  return (
    <Panel
      row={reports}
      height={320}
      tools={
        <>
          <SearchField place={place} label="Search reports" />
          <Link class="button" href={place.href("explore")}>
            Explore
          </Link>
        </>
      }
    >
      {(shown) => <List {...shown} />}
    </Panel>
  );
}

function List({ answer, call, place }: Shown<ReportsAnswer>) {
  if (answer.data.length === 0)
    return (
      <p class="empty">
        {place.params.get("q")
          ? "No report has this text in its name."
          : "No reports yet. Ask something in Explore, and save it as a report."}
      </p>
    );
  return (
    <More call={call} first={answer}>
      {(rows: Row[]) => (
        <Table
          caption="Reports"
          money={{ currency: place.workspace.currency }}
          rows={rows}
          keyOf={(report) => report.id}
          columns={columnsOf(place)}
          sort={place.params.get("sort") ?? usualSort}
          onSort={(sort) => place.set({ sort: sort === usualSort ? null : sort })}
        />
      )}
    </More>
  );
}

const columnsOf = (place: Place): Column<Row>[] => [
  {
    title: "Name",
    cell: (report) => <Link href={place.href(`reports/${report.id}`)}>{report.name}</Link>,
    sort: "name",
  },
  { title: "Asks", cell: (report) => sentenceOf(report.query) },
  { title: "Of", cell: (report) => timeText(report.query) },
  { title: "Runs", cell: (report) => scheduleText(report.schedule) ?? <span class="muted">when it is opened</span> },
  {
    title: "Next",
    cell: (report) => report.nextRunAt && instantText(report.nextRunAt, place.zone),
    sort: "nextRunAt",
  },
  { title: "Changed", cell: (report) => instantText(report.updatedAt, place.zone), sort: "updatedAt" },
];
