import { usePlace } from "../../address/place.ts";
import { zoomToDays } from "../../address/zoom.ts";
import type { Answer } from "../../api/call.ts";
import { TimeChart } from "../../charts/TimeChart.tsx";
import { bucketColumn } from "../../panels/bucketColumn.ts";
import { Panel, type Shown } from "../../panels/Panel.tsx";
import { Table } from "../../panels/Table.tsx";
import { useFirstEvent } from "../../panels/useFirstEvent.ts";
import { daysOf } from "../../time/trend.ts";
import { cutText, most } from "../api/question.ts";
import { daily, steps as stepsRow } from "./panels.ts";
import { Steps, StepsTable } from "./Steps.tsx";
import { steps } from "./steps.ts";

export type Funnel = Answer<"/api/v1/analytics/storefront/funnel">;

/** How far visitors of the storefront come, and where they leave. */
export default function FunnelPage() {
  const place = usePlace();
  if (!place) return null;
  const cut = cutText(place.range, most.days);
  return (
    <div class="grid">
      <Panel
        row={stepsRow}
        height={380}
        tools={cut && <span class="muted">{cut}</span>}
        table={(shown) => <StepsTable {...shown} />}
      >
        {(shown) => <Steps {...shown} />}
      </Panel>
      <Panel row={daily} table={(shown) => <DailyTable {...shown} />}>
        {(shown) => <Daily {...shown} />}
      </Panel>
    </div>
  );
}

type Days = Funnel["daily"];

const linesOf = (days: Days) =>
  steps.map(({ slug, name }) => ({ key: slug, label: name, values: days.map((day) => day[slug]) }));

function Daily({ answer, place }: Shown<Funnel>) {
  const buckets = daysOf(answer.daily, place.zone);
  return (
    <TimeChart
      {...useFirstEvent(place)}
      buckets={buckets}
      interval="day"
      zone={place.zone}
      series={linesOf(answer.daily)}
      unit="count"
      kind="line"
      sense="more"
      money={{ currency: place.workspace.currency }}
      label="Visitors by step"
      height={260}
      onZoom={(first, last) => place.set(zoomToDays(place, buckets, first, last), { isZoom: true })}
    />
  );
}

function DailyTable({ answer, place }: Shown<Funnel>) {
  const buckets = daysOf(answer.daily, place.zone);
  return (
    <Table
      caption="Day by day"
      money={{ currency: place.workspace.currency }}
      rows={buckets}
      keyOf={(day) => day.date}
      columns={[
        bucketColumn(buckets, "day", place.zone),
        ...steps.map(({ slug, name }) => ({
          title: name,
          cell: (day: Days[number]) => day[slug],
          unit: "count" as const,
        })),
      ]}
    />
  );
}
