import type { Patch } from "../address/filters.ts";
import { asInstants, type Interval, intervals } from "../address/period.ts";
import type { Place } from "../address/place.ts";
import { lastDays, most } from "../pages/api/question.ts";
import { type FilterText, filterBody } from "./filterText.ts";
import { operators } from "./words.ts";

/** A number that is asked for: a column of the answer. */
export interface MetricText {
  aggregation: string;
  field: string;
}

/** What is asked of events or requests, as it stands in a form and in the address; the period is the page's. */
export interface Question {
  dataset: "events" | "requests";
  metrics: MetricText[];
  events: string[];
  dimensions: string[];
  filters: FilterText[];
  /** Null: as fine as fits. */
  interval: Interval | "none" | null;
  /** A column, with `-` the other way around; empty: as it comes. */
  order: string;
  limit: string;
}

export const count: MetricText = { aggregation: "count", field: "" };

/** Its column in the answer, and its name in the address. */
export const columnOf = ({ aggregation, field }: MetricText) => (field ? `${aggregation}(${field})` : aggregation);

/** Whether it can be asked for: all but a plain number are of a field. */
export const isWhole = ({ aggregation, field }: MetricText) => aggregation === "count" || field !== "";

/** The number that a column, or the address, names. */
export function metricOf(text: string): MetricText[] {
  const found = /^(\w+)(?:\((.*)\))?$/s.exec(text);
  const metric = { aggregation: found?.[1] ?? "", field: found?.[2] ?? "" };
  return found && isWhole(metric) ? [metric] : [];
}

/** Field, operator, value; a field has no blanks there, so that the first operator is the filter's. */
const filterPattern = new RegExp(`^(\\S+) (${operators.map((row) => row.slug).join("|")}) (.*)$`, "s");

function filterOf(text: string): FilterText[] {
  const [, field, operator, value] = filterPattern.exec(text) ?? [];
  return field && operator && value !== undefined ? [{ field: withBlanks(field), operator, value }] : [];
}

const withoutBlanks = (field: string) => field.replace(/[%\s]/g, (each) => encodeURIComponent(each));

function withBlanks(field: string): string {
  try {
    return decodeURIComponent(field);
  } catch {
    return field;
  }
}

/** What the address asks; the plain one asks how many events there were. */
export function readQuestion(params: URLSearchParams): Question {
  const metrics = params.getAll("metric").flatMap(metricOf);
  const interval = params.get("interval");
  return {
    dataset: params.get("dataset") === "requests" ? "requests" : "events",
    metrics: metrics.length > 0 ? metrics : [count],
    events: params.getAll("event"),
    dimensions: params.getAll("by"),
    filters: params.getAll("where").flatMap(filterOf),
    interval: interval === "none" ? "none" : (intervals.find((each) => each === interval) ?? null),
    order: params.get("order") ?? "",
    limit: params.get("limit") ?? "",
  };
}

const isPlain = ([first, ...others]: MetricText[]) =>
  others.length === 0 && first !== undefined && columnOf(first) === columnOf(count);

/** The address that asks it; what is not whole is left out. */
export function questionPatch(question: Question): Patch {
  const metrics = question.metrics.filter(isWhole);
  return {
    dataset: question.dataset === "requests" ? "requests" : null,
    metric: isPlain(metrics) ? null : metrics.map(columnOf),
    event: question.dataset === "events" ? question.events : null,
    by: question.dimensions,
    where: question.filters
      .filter((filter) => filter.field.trim() !== "")
      .map(({ field, operator, value }) => `${withoutBlanks(field.trim())} ${operator} ${value}`),
    interval: question.interval,
    order: question.order || null,
    limit: question.limit || null,
  };
}

/** Named periods that the API counts up to now, too: what is asked by them is up to date whenever it is asked again. */
export const rolling: Partial<Record<string, string>> = {
  today: "1d",
  "24h": "24h",
  "7d": "7d",
  "28d": "28d",
  "30d": "30d",
  "90d": "90d",
  month: "1m",
  "12m": "12m",
};

/** The interval that a question is cut by where the reader is; null where it is not. */
export const intervalOf = ({ interval }: Pick<Question, "interval">, { range }: Place) =>
  interval === "none" ? null : range.interval;

function timeOf(place: Place, interval: Interval | null) {
  const { timezone, ...between } = asInstants(interval ? place.range : lastDays(place.range, most.days));
  const period = rolling[place.filters.period];
  return { ...(period ? { period } : between), ...(interval ? { interval } : {}), timezone };
}

/** What is sent of a question, without its time. */
export function askedOf(question: Question) {
  const { dataset, events, dimensions } = question;
  return {
    dataset,
    metrics: question.metrics.map(({ aggregation, field }) => (field ? { aggregation, field } : { aggregation })),
    ...(dataset === "events" && events.length > 0 ? { events } : {}),
    ...(dimensions.length > 0 ? { dimensions } : {}),
    ...(question.filters.length > 0 ? { filters: question.filters.map(filterBody) } : {}),
  };
}

/** What is sent of it where the reader is. */
export function bodyOf(question: Question, place: Place) {
  const limit = Number(question.limit);
  return {
    ...askedOf(question),
    ...timeOf(place, intervalOf(question, place)),
    ...(question.order ? { orderBy: question.order } : {}),
    ...(question.limit && Number.isInteger(limit) ? { limit } : {}),
  };
}

/** The columns of its answer. */
export const columnsOf = (question: Question): string[] => [
  ...(question.interval === "none" ? [] : ["timestamp"]),
  ...question.dimensions,
  ...question.metrics.filter(isWhole).map(columnOf),
];
