import type { ComponentChildren } from "preact";
import type { Place } from "../address/place.ts";
import { zoomToInstants } from "../address/zoom.ts";
import { Bars } from "../charts/Bars.tsx";
import { TimeChart } from "../charts/TimeChart.tsx";
import { format } from "../numbers/format.ts";
import { bucketColumn } from "../panels/bucketColumn.ts";
import { type Column, Table } from "../panels/Table.tsx";
import { Tile } from "../panels/Tile.tsx";
import { Choice } from "../parts/Tabs.tsx";
import { minute } from "../time/clock.ts";
import { instantText } from "../time/labels.ts";
import {
  type Answered,
  type Asked,
  bucketsOf,
  isAdditive,
  nameOf,
  numberOf,
  seriesOf,
  textOf,
  unitOf,
} from "./answer.ts";
import { columnOf, type MetricText } from "./question.ts";

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

/** Says how far back an answer goes that had not the time for all. */
export function Scanned({ answer, zone }: { answer: Answered; zone: string }) {
  if (!answer.partial) return null;
  return (
    <p class="finding" role="status">
      <strong>Not all of it:</strong>{" "}
      {answer.scannedFrom
        ? `time ran out. Everything from ${instantText(answer.scannedFrom, zone)} on is counted, nothing before.`
        : "time ran out before everything was counted."}
    </p>
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

/** The rows of a table beside a chart. */
const firstRows = 50;

interface TableProps extends Props {
  caption: string;
  /** It stands under a chart, which has said what there is to say: its first rows will do. */
  isBeside?: boolean | undefined;
  sort?: string;
  onSort?: (sort: string) => void;
  /** Only what has this value: asked by a click on it. */
  onOnly?: (dimension: string, value: unknown) => void;
}

type Row = Answered["rows"][number];

/** An answer as a table, its columns as the API calls them. */
export function AnswerTable({ answer, asked, place, caption, isBeside, sort, onSort, onOnly }: TableProps) {
  const first = asked.interval ? 1 : 0;
  const times = asked.interval ? timesOf(answer) : [];
  const columns: Column<Row>[] = [
    ...(asked.interval ? [timeColumn(answer, asked, times)] : []),
    ...asked.dimensions.map((dimension, at) => ({
      title: dimension,
      sort: dimension,
      cell: (row: Row) => <Group value={row[first + at]} dimension={dimension} onOnly={onOnly} />,
    })),
    ...asked.metrics.map((metric) => ({
      title: columnOf(metric),
      sort: columnOf(metric),
      cell: (row: Row) => numberOf(row, metric, answer),
      unit: unitOf(metric, asked.dataset),
    })),
  ];
  return (
    <>
      {!isBeside && <Scanned answer={answer} zone={asked.zone} />}
      <Table
        caption={caption}
        money={moneyOf(place)}
        rows={isBeside ? answer.rows.slice(0, firstRows) : answer.rows}
        keyOf={(row, at) => `${at} ${row[0]}`}
        columns={columns}
        {...(onSort ? { onSort, sort: sort ?? "" } : {})}
      />
      {isBeside && answer.rows.length > firstRows && (
        <p class="muted">
          The first {firstRows} of {format(answer.rows.length, "count", moneyOf(place))} rows; shown as a table, all of
          them.
        </p>
      )}
    </>
  );
}

/** The instants of an answer, in order: a bucket ends where the next begins. */
const timesOf = (answer: Answered) =>
  [...new Set(answer.rows.map((row) => String(row[0])))].sort().map((timestamp) => ({ timestamp }));

function timeColumn(answer: Answered, asked: Asked, times: { timestamp: string }[]): Column<Row> {
  const { title, cell } = bucketColumn(times, asked.interval ?? "day", asked.zone);
  const names = new Map(times.map((time) => [time.timestamp, cell(time) as ComponentChildren]));
  return { title, sort: answer.columns[0] ?? "timestamp", cell: (row) => names.get(String(row[0])) };
}

interface GroupProps {
  value: unknown;
  dimension: string;
  onOnly: TableProps["onOnly"];
}

function Group({ value, dimension, onOnly }: GroupProps) {
  const text = textOf(value);
  if (text === null) return <span class="muted">none</span>;
  if (!onOnly) return <>{text}</>;
  return (
    <button
      type="button"
      class="row-link"
      title={`Only where ${dimension} is ${text}`}
      onClick={() => onOnly(dimension, value)}
    >
      {text}
    </button>
  );
}
