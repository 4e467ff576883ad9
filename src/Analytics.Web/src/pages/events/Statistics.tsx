import type { Place } from "../../address/place.ts";
import { zoomToDays } from "../../address/zoom.ts";
import type { Answer } from "../../api/call.ts";
import { TimeChart } from "../../charts/TimeChart.tsx";
import { Panel, type Shown } from "../../panels/Panel.tsx";
import { useFirstEvent } from "../../panels/useFirstEvent.ts";
import { topNames } from "../overview/top.ts";
import { asked } from "./address.ts";
import { BucketTable, namesTable } from "./BucketTable.tsx";
import { FieldChoice } from "./FieldChoice.tsx";
import { OneName } from "./OneName.tsx";
import { occurrences, totals } from "./panels.ts";
import { Totals } from "./Totals.tsx";

export type StatisticsAnswer = Answer<"/api/events/statistics/timeseries">;

/** How often each name occurred, and what a number in the metadata adds up to. One name chosen: its spread, too. */
export function Statistics({ place }: { place: Place }) {
  const isOne = place.filters.name.length === 1;
  return (
    <div class="grid">
      <Panel
        row={occurrences}
        class={isOne ? "is-half" : ""}
        height={isOne ? 220 : 260}
        table={(shown) => <BucketTable {...shown} caption="Occurrences" columns={namesTable(shown)} />}
      >
        {(shown) => <OccurrencesChart {...shown} height={isOne ? 220 : 260} />}
      </Panel>
      {isOne && <OneName place={place} />}
      <Panel row={totals} tools={<FieldChoice place={place} />} table={(shown) => <Totals {...shown} isFull />}>
        {(shown) => <Totals {...shown} />}
      </Panel>
    </div>
  );
}

/** What all charts of the tab have in common. */
export const chartOf = ({ answer, place }: Shown<StatisticsAnswer>) => ({
  buckets: answer.periods,
  interval: place.range.interval,
  zone: place.zone,
  money: { currency: place.workspace.currency },
  onZoom: (first: number, last: number) => place.set(zoomToDays(place, answer.periods, first, last), { isZoom: true }),
  onPick: (bucket: number) => {
    const period = answer.periods[bucket];
    // The events behind a bucket are its roots.
    if (period)
      place.go("events/browse", {
        ...asked(place),
        period: null,
        from: period.period_start,
        to: period.period_end,
        source: place.filters.source ?? "user",
        root: "1",
      });
  },
});

function OccurrencesChart({ height, ...shown }: Shown<StatisticsAnswer> & { height: number }) {
  return (
    <TimeChart
      {...chartOf(shown)}
      {...useFirstEvent(shown.place)}
      series={topNames(shown.answer)}
      unit="count"
      kind="stack"
      label="Events by name"
      height={height}
    />
  );
}
