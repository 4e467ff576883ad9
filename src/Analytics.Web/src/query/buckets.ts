import type { Interval } from "../address/period.ts";
import { addDays, addMonths, type DateText, dateIn, monthStart, startIn, weekStart, yearStart } from "../time/dates.ts";

/** Buckets that are as long on every day. */
const lengths: Partial<Record<Interval, number>> = { minute: 60_000, hour: 3_600_000 };

const calendar: Partial<Record<Interval, { start: (date: DateText) => DateText; next: (date: DateText) => DateText }>> =
  {
    week: { start: weekStart, next: (date) => addDays(date, 7) },
    month: { start: monthStart, next: (date) => addMonths(date, 1) },
    year: { start: yearStart, next: (date) => addMonths(date, 12) },
  };

const day = { start: (date: DateText) => date, next: (date: DateText) => addDays(date, 1) };

/** The starts of a zone's buckets from the one that has the first instant to the one that has the last. */
export function bucketStarts(first: string, last: string, interval: Interval, zone: string): string[] {
  const length = lengths[interval];
  if (length) return stepsOf(first, last, length, zone);
  const { start, next } = calendar[interval] ?? day;
  const found: string[] = [];
  for (let date = start(dateIn(zone, new Date(first))); ; date = next(date)) {
    const begins = startIn(zone, date);
    if (begins > new Date(last).toISOString()) return found;
    found.push(begins);
  }
}

function stepsOf(first: string, last: string, length: number, zone: string): string[] {
  // Hours begin with their day: that is not at a full hour of UTC everywhere.
  const midnight = Date.parse(startIn(zone, dateIn(zone, new Date(first))));
  const from = midnight + Math.floor((Date.parse(first) - midnight) / length) * length;
  const count = Math.floor((Date.parse(last) - from) / length) + 1;
  return Array.from({ length: Math.max(0, count) }, (_, at) => new Date(from + at * length).toISOString());
}
