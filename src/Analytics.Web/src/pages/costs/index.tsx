import { type Place, usePlace } from "../../address/place.ts";
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
import { GroupChoice } from "./GroupChoice.tsx";
import { hasRevenue } from "./groups.ts";
import { measures } from "./measures.ts";
import { rows, totals, trend } from "./panels.ts";
import { Rows } from "./Rows.tsx";

export type Costs = Answer<"/api/v1/analytics/cogs">;

/** What everything costs, what it brings, and what is left: of whom and what the reader chooses. */
export default function CostsPage() {
  const place = usePlace();
  if (!place) return null;
  const cut = cutText(place.range, most.days);
  return (
    <div class="grid">
      <Panel row={totals} class="is-bare" height={110} table={(shown) => <TotalsTable {...shown} />}>
        {(shown) => <Totals {...shown} />}
      </Panel>
      <Panel row={trend} tools={cut && <span class="muted">{cut}</span>} table={(shown) => <TrendTable {...shown} />}>
        {(shown) => <Trend {...shown} />}
      </Panel>
      <Panel row={rows} height={420} tools={<GroupChoice place={place} />}>
        {(shown) => <Rows {...shown} />}
      </Panel>
    </div>
  );
}

const moneyOf = ({ workspace }: Place) => ({ currency: workspace.currency });

/** Of costs alone there is no revenue to show. */
const shownIn = (place: Place) => measures.filter((measure) => measure.isOfCosts || hasRevenue(place));

function Totals({ answer, before, place }: Shown<Costs>) {
  return (
    <>
      <div class="tiles is-four">
        {measures.map(({ slug, name, about, unit, sense }) => (
          <Tile
            key={slug}
            slug={slug}
            name={name}
            title={about}
            value={answer.totals[slug]}
            unit={unit}
            sense={sense}
            money={moneyOf(place)}
            isSoFar={answer.trend.at(-1)?.partial ?? false}
            {...(before && slug !== "marginPercent" ? { before: before.totals[slug] } : {})}
          />
        ))}
      </div>
      {!hasRevenue(place) && (
        <p class="muted costs-note">Payments name no vendor, model or category, so these have costs alone.</p>
      )}
    </>
  );
}

function TotalsTable({ answer, before, place }: Shown<Costs>) {
  return (
    <Table
      caption="At a glance"
      money={moneyOf(place)}
      rows={measures}
      keyOf={(measure) => measure.slug}
      columns={[
        { title: "Number", cell: (measure) => measure.name },
        { title: "Of the range", cell: ({ slug }) => answer.totals[slug], unit: ({ unit }) => unit },
        ...(before
          ? [
              {
                title: "Before",
                cell: ({ slug }: (typeof measures)[number]) => before.totals[slug],
                unit: ({ unit }: (typeof measures)[number]) => unit,
              },
            ]
          : []),
        { title: "What it is", cell: (measure) => measure.about },
      ]}
    />
  );
}

const linesOf = (points: Costs["trend"], place: Place) =>
  shownIn(place).flatMap(({ slug, name, color }) =>
    slug === "marginPercent" ? [] : [{ key: slug, label: name, color, values: points.map((point) => point[slug]) }],
  );

function Trend({ answer, before, place }: Shown<Costs>) {
  const buckets = daysOf(answer.trend, place.zone);
  return (
    <TimeChart
      {...useFirstEvent(place)}
      buckets={buckets}
      interval="day"
      zone={place.zone}
      series={linesOf(answer.trend, place)}
      unit="cents"
      kind="line"
      money={moneyOf(place)}
      label="Day by day"
      {...(before
        ? { previous: { buckets: daysOf(before.trend, place.zone), series: linesOf(before.trend, place) } }
        : {})}
      onZoom={(first, last) => place.set(zoomToDays(place, buckets, first, last), { isZoom: true })}
    />
  );
}

function TrendTable({ answer, place }: Shown<Costs>) {
  const buckets = daysOf(answer.trend, place.zone);
  return (
    <Table
      caption="Day by day"
      money={moneyOf(place)}
      rows={buckets}
      keyOf={(day) => day.date}
      columns={[
        bucketColumn(buckets, "day", place.zone),
        ...shownIn(place).flatMap(({ slug, name, unit }) =>
          slug === "marginPercent" ? [] : [{ title: name, cell: (day: Costs["trend"][number]) => day[slug], unit }],
        ),
      ]}
    />
  );
}
