/** A calendar date, `YYYY-MM-DD`. It has no zone: reckoning with dates needs none. */
export type DateText = string;

const dayMs = 86_400_000;

const parts = (date: DateText): [number, number, number] => date.split("-").map(Number) as [number, number, number];

/** The first and the last date that the API knows; reckoning stops there. */
const [first, last] = ["0001-01-01", "9999-12-31"];

function textOf(year: number, month: number, day: number): DateText {
  const date = new Date(0);
  // Not Date.UTC: it takes the years 0 to 99 for those of the last century.
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCFullYear() < 1) return first;
  return date.getUTCFullYear() > 9999 ? last : date.toISOString().slice(0, 10);
}

export function isDate(text: string | null | undefined): text is DateText {
  return !!text && /^\d{4}-\d{2}-\d{2}$/.test(text) && textOf(...parts(text)) === text;
}

export function addDays(date: DateText, days: number): DateText {
  const [year, month, day] = parts(date);
  return textOf(year, month, day + days);
}

/** The same day so many months on, or the month's last one. */
export function addMonths(date: DateText, months: number): DateText {
  const [year, month, day] = parts(date);
  const last = textOf(year, month + months + 1, 0);
  return `${last.slice(0, 8)}${String(Math.min(day, Number(last.slice(8)))).padStart(2, "0")}`;
}

/** Days from the first to the last, both counted. */
export function daysFrom(first: DateText, last: DateText): number {
  return Math.round((Date.parse(`${last}T00:00Z`) - Date.parse(`${first}T00:00Z`)) / dayMs) + 1;
}

export const monthStart = (date: DateText): DateText => `${date.slice(0, 8)}01`;

export const yearStart = (date: DateText): DateText => `${date.slice(0, 5)}01-01`;

/** The Monday of its week. */
export function weekStart(date: DateText): DateText {
  const weekday = new Date(`${date}T00:00Z`).getUTCDay();
  return addDays(date, -((weekday + 6) % 7));
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** The date that an instant has in a zone. */
export function dateIn(zone: string, instant: Date): DateText {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" });
    formats.set(zone, format);
  }
  const found = Object.fromEntries(format.formatToParts(instant).map((part) => [part.type, part.value]));
  return `${found.year?.padStart(4, "0")}-${found.month}-${found.day}`;
}

const quarterMs = 900_000;

/** The instant at which a date begins in a zone: the first quarter of an hour that has it, so days that begin at one are right too. */
export function startIn(zone: string, date: DateText): string {
  const noon = Date.parse(`${date}T12:00Z`);
  // Clocks are at most 14 hours ahead and 12 behind: it has not begun at the first, and has at the last.
  let [before, after] = [noon - 108 * quarterMs, noon + 52 * quarterMs];
  while (after - before > quarterMs) {
    const between = before + Math.floor((after - before) / quarterMs / 2) * quarterMs;
    if (dateIn(zone, new Date(between)) < date) before = between;
    else after = between;
  }
  return new Date(after).toISOString();
}
