import type { Place } from "../address/place.ts";
import { zoomToInstants } from "../address/zoom.ts";
import { Bars } from "../charts/Bars.tsx";
import { TimeChart } from "../charts/TimeChart.tsx";
import { format } from "../numbers/format.ts";
import { Tile } from "../panels/Tile.tsx";
import { Choice } from "../parts/Tabs.tsx";
import { minute } from "../time/clock.ts";
import { type Answered, type Asked, bucketsOf, isAdditive, nameOf, numberOf, seriesOf, unitOf } from "./answer.ts";
import { columnOf, type MetricText } from "./question.ts";
import { Scanned } from "./Scanned.tsx";

interface Props {
  answer: Answered;
  asked: Asked;
  place: Place;
  /** A drag over the chart looks closer. */
  isZooming?: boolean;
}

const moneyOf = ({ workspace }: Place) => ({ currency: workspace.currency });

/** As many groups as fit; the table has all. */
const few = 20;

/** An answer as a chart: lines over time, bars where time tells nothing apart, tiles where nothing does. */
export function AnswerChart({ answer, asked, place, isZooming }: Props) {
  const shown = asked.metrics.find((metric) => columnOf(metric) === place.params.get("show")) ?? asked.metrics[0];
  if (!shown) return null;
  const isOne = !asked.interval && asked.dimensions.length === 0;
  return (
    <>
      <Scanned answer={answer} zone={asked.zone} />
      {asked.metrics.length > 1 && !isOne && (
        <Choice
          label="Shown"
          options={asked.metrics.map((metric) => ({ value: columnOf(metric), name: columnOf(metric) }))}
          value={columnOf(shown)}
          onChange={(show) => place.set({ show: show === columnOf(asked.metrics[0] as MetricText) ? null : show })}
        />
      )}
      {isOne ? (
        <Tiles answer={answer} asked={asked} place={place} />
      ) : asked.interval ? (
        <OverTime answer={answer} asked={asked} place={place} metric={shown} isZooming={isZooming ?? false} />
      ) : (
        <Ranked answer={answer} asked={asked} place={place} metric={shown} />
      )}
    </>
  );
}

function Tiles({ answer, asked, place }: Props) {
  const [row] = answer.rows;
  return (
    <div class="tiles">
      {asked.metrics.map((metric) => (
        <Tile
          key={columnOf(metric)}
          slug={columnOf(metric)}
          name={columnOf(metric)}
          value={row ? numberOf(row, metric, answer) : null}
          unit={unitOf(metric, asked.dataset)}
          money={moneyOf(place)}
        />
      ))}
    </div>
  );
}

type OfMetric = Props & { metric: MetricText };

function OverTime({ answer, asked, place, metric, isZooming }: OfMetric) {
  if (!asked.interval) return null;
  const buckets = bucketsOf(answer, asked, minute.value.getTime());
  const groups = new Set(answer.rows.map((row) => nameOf(row, asked))).size;
  const series = seriesOf(answer, asked, metric, buckets);
  const interval = asked.interval;
  return (
    <>
      <TimeChart
        buckets={buckets}
        interval={interval}
        zone={asked.zone}
        series={series}
        unit={unitOf(metric, asked.dataset)}
        {...(asked.dimensions.length > 0 && isAdditive(metric) ? { kind: "stack" as const } : {})}
        money={moneyOf(place)}
        label={columnOf(metric)}
        height={280}
        {...(isZooming
          ? {
              onZoom: (first: number, last: number) =>
                place.set(zoomToInstants(place, buckets, first, last, interval), { isZoom: true }),
            }
          : {})}
      />
      {groups > series.length && !isAdditive(metric) && (
        <p class="muted">
          The biggest {series.length} of {format(groups, "count", moneyOf(place))}; the table has all.
        </p>
      )}
    </>
  );
}

function Ranked({ answer, asked, place, metric }: OfMetric) {
  return (
    <>
      <Bars
        label={columnOf(metric)}
        rows={answer.rows.slice(0, few).map((row, at) => ({
          key: `${at}`,
          label: nameOf(row, asked),
          value: numberOf(row, metric, answer),
        }))}
        unit={unitOf(metric, asked.dataset)}
        money={moneyOf(place)}
      />
      {answer.rows.length > few && (
        <p class="muted">and {format(answer.rows.length - few, "count", moneyOf(place))} more, in the table</p>
      )}
    </>
  );
}
