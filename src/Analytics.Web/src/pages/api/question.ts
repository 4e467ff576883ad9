import { asInstants, type Range } from "../../address/period.ts";
import type { Place } from "../../address/place.ts";
import { addDays, type DateText, daysFrom } from "../../time/dates.ts";
import { bucketTitle } from "../../time/labels.ts";

/** The longest ranges that the routes take, in days, and the longest that can be looked at. */
export const most = { days: 1100, patterns: 31, endpointHours: 7 };

/** The range, or its last days where it is longer than what is asked for takes. */
export function lastDays(range: Range, days: number): Range {
  if (daysFrom(range.start, range.end) <= days) return range;
  return { ...range, start: addDays(range.end, 1 - days), instants: null };
}

/** Says that a range was cut; null where all of it is shown. */
export function cutText(range: Range, days: number): string | null {
  return lastDays(range, days) === range ? null : `The last ${days.toLocaleString("en")} days of the range`;
}

/** Workspace and time, as section 5 of the API wants them. */
export const during = ({ workspace }: Place, range: Range, days = most.days) => ({
  tenantId: workspace.id,
  ...asInstants(lastDays(range, days)),
});

/** The endpoint that the address names, as a list of one or none. */
export const endpointOf = ({ filters }: Place) => (filters.endpoint ? [filters.endpoint] : []);

/** How the series of API requests is cut: nothing is coarser than a day. */
export function grainOf({ interval }: Range): "minute" | "hour" | "day" {
  return interval === "minute" || interval === "hour" ? interval : "day";
}

/** The day that routes of one day are asked for: the one chosen, else the last of the range. */
export function dayOf({ range, params, today }: Place): DateText {
  const day = params.get("date") ?? range.end;
  return day < today ? day : today;
}

/** A date in words. */
export const dateText = (date: DateText) => bucketTitle(`${date}T00:00:00Z`, null, "day", "UTC");
