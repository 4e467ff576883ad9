import { type Patch, periodPatch, rangePatch } from "../address/filters.ts";
import { intervals } from "../address/period.ts";
import { addDays, addMonths, type DateText, isDate, monthStart } from "../time/dates.ts";
import type { Answered, Asked } from "./answer.ts";
import { filterText } from "./filterText.ts";
import { columnOf, columnsOf, metricOf, type Question, rolling } from "./question.ts";
import { operators, wordOf } from "./words.ts";

type Absent = null | undefined;

/** A question as the API keeps it, in a report or an alert: all that is not said is null. */
export interface SavedQuery {
  dataset?: string | Absent;
  metrics?: readonly ({ aggregation?: string | Absent; field?: string | Absent } | null)[] | Absent;
  events?: readonly (string | null)[] | Absent;
  dimensions?: readonly (string | null)[] | Absent;
  filters?: readonly ({ field?: string | Absent; operator?: string | Absent; value?: unknown } | null)[] | Absent;
  from?: string | Absent;
  to?: string | Absent;
  period?: string | Absent;
  interval?: string | Absent;
  timezone?: string | Absent;
  orderBy?: string | Absent;
  limit?: number | Absent;
}

const isThere = <T>(each: T | null): each is T => each !== null;

/** A saved question as a form has it. */
export const questionOf = (query: SavedQuery): Question => ({
  dataset: query.dataset === "requests" ? "requests" : "events",
  metrics: (query.metrics ?? []).filter(isThere).map(({ aggregation, field }) => ({
    aggregation: aggregation ?? "count",
    field: field ?? "",
  })),
  events: (query.events ?? []).filter(isThere),
  dimensions: (query.dimensions ?? []).filter(isThere),
  filters: (query.filters ?? []).filter(isThere).map(filterText),
  interval: intervals.find((each) => each === query.interval) ?? "none",
  order: query.orderBy ?? "",
  limit: query.limit ? String(query.limit) : "",
});

/** What the drawing of an answer to it has to know: a kept answer is drawn by its columns, whatever is asked since. */
export function askedOfSaved(query: SavedQuery, { columns }: Answered, zone: string): Asked {
  const question = questionOf(query);
  const hasTime = columns[0] === "timestamp";
  const isOfIt =
    columns.length === columnsOf(question).length && columnsOf(question).every((each, at) => each === columns[at]);
  const groups = columns.slice(hasTime ? 1 : 0);
  const first = groups.findLastIndex((column) => metricOf(column).length === 0) + 1;
  return {
    dataset: question.dataset,
    metrics: isOfIt ? question.metrics : groups.slice(first).flatMap(metricOf),
    dimensions: isOfIt ? question.dimensions : groups.slice(0, first),
    interval: hasTime ? (intervals.find((each) => each === question.interval) ?? "day") : null,
    zone: query.timezone ?? zone,
  };
}

/** What is asked, in words. */
export function sentenceOf(query: SavedQuery): string {
  const { dataset, metrics, events, dimensions, filters } = questionOf(query);
  const of = dataset === "requests" ? "API requests" : events.length > 0 ? events.join(", ") : "all events";
  const where = filters.map(({ field, operator, value }) => `${field} ${wordOf(operators, operator)} ${value}`);
  return [
    `${metrics.map(columnOf).join(", ")} of ${of}`,
    dimensions.length > 0 ? `by ${dimensions.join(" and ")}` : "",
    where.length > 0 ? `where ${where.join(" and ")}` : "",
  ]
    .filter(Boolean)
    .join(" ");
}

/** The time that a saved question is about, in words. */
export function timeText({ period, from, to, interval }: SavedQuery): string {
  const time = period ?? (from || to ? `${from ?? ""} – ${to ?? "now"}` : "30d");
  return interval ? `${time} by ${interval}` : time;
}

/** The address of the time that a saved question is about. */
export function timePatch({ period, from, to, timezone }: SavedQuery, today: DateText, zone: string): Patch {
  const tz = timezone && timezone !== zone ? timezone : null;
  const named = Object.entries(rolling).find(([, each]) => each === (period ?? "30d"));
  if (!from && !to && named) return { ...periodPatch(named[0]), tz };
  if (period) return { ...daysPatch(period, today), tz };
  if (isDate(from) && isDate(to)) return { ...rangePatch(from, addDays(to, -1)), tz };
  return { ...(from ? rangePatch(from, to ?? today) : {}), tz };
}

/** A period that has no name of its own, as the days that it is today. */
function daysPatch(period: string, today: DateText): Patch {
  const [, count = "1", unit] = /^(\d+)([hdwm])$/.exec(period) ?? [];
  const number = Number(count);
  if (unit === "m") return rangePatch(addMonths(monthStart(today), 1 - number), today);
  const days = unit === "h" ? Math.ceil(number / 24) : unit === "w" ? 7 * number : number;
  return rangePatch(addDays(today, 1 - days), today);
}
