import type { Place } from "../../address/place.ts";
import { addDays, addMonths, type DateText, daysFrom } from "../../time/dates.ts";
import { lastDays } from "../api/question.ts";

/** The longest range that the routes take, in days. */
export const mostDays = 90;

/** Days in UTC; `to` is exclusive. */
export interface Days {
  from: DateText;
  to: DateText;
}

/** The days of the range, or the last of them that the routes take. */
export function daysOf({ range }: Place): Days {
  const { start, end } = lastDays(range, mostDays);
  return { from: start, to: addDays(end, 1) };
}

/** The days that these are compared with, as the routes themselves have them: as many before, or the same dates a year before. */
export function daysBefore({ from, to }: Days, by: "previous" | "year"): Days {
  if (by === "year") return { from: addMonths(from, -12), to: addDays(addMonths(addDays(to, -1), -12), 1) };
  return { from: addDays(from, 1 - daysFrom(from, to)), to: from };
}

const comparisons = { previous: "previous_period", year: "previous_year" } as const;

/** What the address compares with, as the routes name it. */
export const comparisonOf = ({ filters }: Place) => filters.compare && comparisons[filters.compare];

/** The app that the address names: by its id, or by what people call it. */
export const askedApp = ({ rest }: Place): string => rest[0] ?? "";

/** The address of an app's page, or of a part of it. */
export const appHref = (place: Place, app: string, ...parts: string[]) =>
  place.href(["apps", ...[app, ...parts].map(encodeURIComponent)].join("/"));
