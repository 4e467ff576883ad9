import { usePlace } from "../../address/place.ts";
import { zoomToDays } from "../../address/zoom.ts";
import type { Answer } from "../../api/call.ts";
import { TimeChart } from "../../charts/TimeChart.tsx";
import { bucketColumn } from "../../panels/bucketColumn.ts";
import { Panel, type Shown } from "../../panels/Panel.tsx";
import { Table } from "../../panels/Table.tsx";
import { Tile } from "../../panels/Tile.tsx";
import { useFirstEvent } from "../../panels/useFirstEvent.ts";
import { daysOf } from "../../time/trend.ts";
import { cutText, most } from "../api/question.ts";
import { figures } from "./figures.ts";
import { agents, daily, sessions, tools } from "./panels.ts";
import { Agents, Tools } from "./tables.tsx";

export type Sessions = Answer<"/api/v1/analytics/mcp/sessions">;

/** What agents do with the workspace's MCP servers: sessions, tools, and which agents they are. */
export default function Mcp() {
  const place = usePlace();
  if (!place) return null;
  const cut = cutText(place.range, most.days);
  return (
    <div class="grid">
      <Panel row={sessions} class="is-bare" height={110} table={(shown) => <GlanceTable {...shown} />}>
        {(shown) => <Glance {...shown} />}
      </Panel>
      <Panel row={tools} height={300} tools={cut && <span class="muted">{cut}</span>}>
        {(shown) => <Tools {...shown} />}
      </Panel>
      <Panel row={daily} class="is-half" table={(shown) => <DailyTable {...shown} />}>
        {(shown) => <Daily {...shown} />}
      </Panel>
      <Panel row={agents} class="is-half">
        {(shown) => <Agents {...shown} />}
      </Panel>
    </div>
  );
}

function Glance({ answer, before, place }: Shown<Sessions>) {
  return (
    <div class="tiles is-four">
      {figures.map(({ slug, name, about, unit, sense, isNow, isOfEnded }) => (
        <Tile
          key={slug}
          slug={slug}
          name={name}
          title={about}
          value={answer[slug]}
          unit={unit}
          sense={sense}
          money={{ currency: place.workspace.currency }}
          // Of none that has ended the API says 0.
          isMissing={isOfEnded && Number(answer[slug]) === 0}
          {...(before && !isNow ? { before: before[slug] } : {})}
        />
      ))}
    </div>
  );
}

function GlanceTable({ answer, place }: Shown<Sessions>) {
  return (
    <Table
      caption="Sessions at a glance"
      money={{ currency: place.workspace.currency }}
      rows={figures}
      keyOf={(figure) => figure.slug}
      columns={[
        { title: "Number", cell: (figure) => figure.name },
        { title: "Of the range", cell: (figure) => answer[figure.slug], unit: (figure) => figure.unit },
        { title: "What it is", cell: (figure) => figure.about },
      ]}
    />
  );
}

const lineOf = (days: Sessions["daily"]) => [
  { key: "sessions", label: "Sessions", values: days.map((day) => day.sessions) },
];

function Daily({ answer, before, place }: Shown<Sessions>) {
  const buckets = daysOf(answer.daily, place.zone);
  return (
    <TimeChart
      {...useFirstEvent(place)}
      buckets={buckets}
      interval="day"
      zone={place.zone}
      series={lineOf(answer.daily)}
      unit="count"
      sense="more"
      money={{ currency: place.workspace.currency }}
      label="Sessions"
      {...(before ? { previous: { buckets: daysOf(before.daily, place.zone), series: lineOf(before.daily) } } : {})}
      onZoom={(first, last) => place.set(zoomToDays(place, buckets, first, last), { isZoom: true })}
    />
  );
}

function DailyTable({ answer, place }: Shown<Sessions>) {
  const buckets = daysOf(answer.daily, place.zone);
  return (
    <Table
      caption="Sessions"
      money={{ currency: place.workspace.currency }}
      rows={buckets}
      keyOf={(day) => day.date}
      columns={[
        bucketColumn(buckets, "day", place.zone),
        { title: "Sessions", cell: (day) => day.sessions, unit: "count" },
      ]}
    />
  );
}
