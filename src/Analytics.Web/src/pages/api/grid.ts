import type { Answer } from "../../api/call.ts";
import type { Value } from "../../api/exact.ts";
import { dayText } from "../../time/labels.ts";
import type { Measure } from "./measures.ts";
import { weekdays } from "./weekdays.ts";

type Cell = Answer<"/api/requests/heatmap">["cells"][number];

/** Cells by their row and column, numbers of them. */
export interface Grid {
  rows: string[];
  columns: string[];
  value: (row: number, column: number) => Value | null;
}

export const hours = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, "0"));

const shown = (value: Value | undefined, measure: Measure): Value | null =>
  value === undefined || (measure.isMissingAtZero && Number(value) === 0) ? null : value;

/** The hours of the week: a row a weekday. */
export function weekGrid(cells: readonly Cell[], measure: Measure): Grid {
  const found = new Map(cells.map((cell) => [`${cell.weekday} ${cell.hour}`, cell.value]));
  return { rows: weekdays, columns: hours, value: (row, column) => shown(found.get(`${row + 1} ${column}`), measure) };
}

/** The hours of the range: a row an endpoint, in the order of the answer, and a column an hour, by its start. What is to come has no value. */
export function hourGrid(cells: readonly Cell[], measure: Measure, now: Date): Grid {
  const rows = [...new Set(cells.map((cell) => cell.endpoint ?? ""))];
  const columns = [...new Set(cells.map((cell) => cell.timestamp ?? ""))];
  const found = new Map(cells.map((cell) => [`${cell.timestamp} ${cell.endpoint}`, cell.value]));
  const begun = columns.filter((timestamp) => Date.parse(timestamp) <= now.getTime()).length;
  return {
    rows,
    columns,
    value: (row, column) => (column < begun ? shown(found.get(`${columns[column]} ${rows[row]}`), measure) : null),
  };
}

/** The days of hours that follow each other: their names, and how many hours of the range each has. */
export function daysOfHours(timestamps: readonly string[], zone: string): { name: string; span: number }[] {
  const days: { name: string; span: number }[] = [];
  for (const timestamp of timestamps) {
    const name = dayText(timestamp, zone);
    const last = days.at(-1);
    if (last?.name === name) last.span++;
    else days.push({ name, span: 1 });
  }
  return days;
}
