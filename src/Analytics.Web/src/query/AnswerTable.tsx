import type { ComponentChildren } from "preact";
import type { Place } from "../address/place.ts";
import { format } from "../numbers/format.ts";
import { bucketColumn } from "../panels/bucketColumn.ts";
import { type Column, Table } from "../panels/Table.tsx";
import { type Answered, type Asked, numberOf, textOf, unitOf } from "./answer.ts";
import { columnOf } from "./question.ts";
import { Scanned } from "./Scanned.tsx";

/** The rows of a table beside a chart. */
const firstRows = 50;

interface Props {
  answer: Answered;
  asked: Asked;
  place: Place;
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
export function AnswerTable({ answer, asked, place, caption, isBeside, sort, onSort, onOnly }: Props) {
  const money = { currency: place.workspace.currency };
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
        money={money}
        rows={isBeside ? answer.rows.slice(0, firstRows) : answer.rows}
        keyOf={(row, at) => `${at} ${row[0]}`}
        columns={columns}
        {...(onSort ? { onSort, sort: sort ?? "" } : {})}
      />
      {isBeside && answer.rows.length > firstRows && (
        <p class="muted">
          The first {firstRows} of {format(answer.rows.length, "count", money)} rows; shown as a table, all of them.
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
  onOnly: Props["onOnly"];
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
