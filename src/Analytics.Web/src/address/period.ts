import {
  addDays,
  addMonths,
  type DateText,
  dateIn,
  daysFrom,
  isDate,
  monthStart,
  startIn,
  weekStart,
  yearStart,
} from "../time/dates.ts";
import { wallOf } from "../time/zone.ts";

/** The named periods: their key on the keyboard and their name. The first day of each follows from today. */
export const periods = [
  { slug: "today", key: "d", name: "Today", first: (today: DateText) => today },
  { slug: "yesterday", key: "e", name: "Yesterday", first: (today: DateText) => addDays(today, -1) },
  { slug: "24h", key: "r", name: "Last 24 hours", first: (today: DateText) => addDays(today, -1) },
  { slug: "7d", key: "w", name: "Last 7 days", first: (today: DateText) => addDays(today, -6) },
  { slug: "28d", key: "f", name: "Last 28 days", first: (today: DateText) => addDays(today, -27) },
  { slug: "30d", key: "t", name: "Last 30 days", first: (today: DateText) => addDays(today, -29) },
  { slug: "90d", key: "n", name: "Last 90 days", first: (today: DateText) => addDays(today, -89) },
  { slug: "month", key: "m", name: "This month", first: monthStart },
  { slug: "last-month", key: "p", name: "Last month", first: (today: DateText) => addMonths(monthStart(today), -1) },
  { slug: "year", key: "y", name: "This year", first: yearStart },
  { slug: "12m", key: "l", name: "Last 12 months", first: (today: DateText) => addMonths(monthStart(today), -11) },
  { slug: "all", key: "a", name: "All time", first: (_today: DateText, oldest: DateText) => oldest },
] as const;

export type PeriodSlug = (typeof periods)[number]["slug"] | "custom";

export const intervals = ["minute", "hour", "day", "week", "month", "year"] as const;
export type Interval = (typeof intervals)[number];

/** What a question about a time needs to know: which days, in whose calendar, cut how. */
export interface Range {
  start: DateText;
  /** Inclusive. */
  end: DateText;
  zone: string;
  interval: Interval;
  /** A time that is no whole days: the last 24 hours, or a zoom into a day. `to` is exclusive. */
  instants: { from: string; to: string } | null;
  /** Its end is still to come, so its numbers go on changing. */
  isLive: boolean;
}

/** What the address says about the time. */
export interface Asked {
  period: PeriodSlug;
  from: string | null;
  to: string | null;
  interval: Interval | null;
  zone: string;
  isComplete: boolean;
  /** The page's routes count minutes too. */
  hasMinutes?: boolean;
  /** The page's routes count by nothing longer than a day. */
  isUpToDays?: boolean;
  /** The page's routes know whole days only. */
  isWholeDays?: boolean;
}

/** The longest range of each interval, in days, as `/api/metrics/limits` has them, and about how many hours a bucket is. */
const grains: { interval: Interval; most: number; hours: number }[] = [
  { interval: "minute", most: 2, hours: 1 / 60 },
  { interval: "hour", most: 31, hours: 1 },
  { interval: "day", most: 1100, hours: 24 },
  { interval: "week", most: 1860, hours: 168 },
  { interval: "month", most: 7500, hours: 730 },
  { interval: "year", most: 18300, hours: 8766 },
];

/** Of a longer range, routes that count by nothing longer than a day are asked about its end. */
const mostDays = grains.find((grain) => grain.interval === "day")?.most ?? 0;

/** The intervals that a range of so many days can be cut into. */
export function intervalsOf(days: number, routes: Pick<Asked, "hasMinutes" | "isUpToDays"> = {}): Interval[] {
  return grains
    .filter((grain) => grain.interval !== "minute" || routes.hasMinutes)
    .filter((grain) => grain.hours <= 24 || !routes.isUpToDays)
    .filter((grain) => Math.min(days, routes.isUpToDays ? mostDays : days) <= grain.most)
    .map((grain) => grain.interval);
}

/** The finest cut of at most 90 buckets. */
function autoInterval(hours: number, allowed: Interval[]): Interval {
  const fits = grains.find((grain) => allowed.includes(grain.interval) && hours / grain.hours <= 90);
  return fits?.interval ?? allowed.at(-1) ?? "year";
}

/** How long a range is: of days 24 hours each, for the cut of a range an hour is nothing. */
const hoursOf = (instants: Range["instants"], days: number) =>
  instants ? (Date.parse(instants.to) - Date.parse(instants.from)) / 3_600_000 : days * 24;

const startOf: Partial<Record<Interval, (date: DateText) => DateText>> = {
  week: weekStart,
  month: monthStart,
  year: yearStart,
};

/** The last day that ends no later than the last bucket that is over. */
function completeEnd(end: DateText, today: DateText, interval: Interval): DateText {
  if (end < today) return end;
  return addDays((startOf[interval] ?? ((date) => date))(today), -1);
}

/** Where the last bucket that is over ends: of hours and minutes at one of today's. */
function completeTo(zone: string, interval: Interval, now: Date): string {
  const minute = Math.floor(now.getTime() / 60_000);
  if (interval === "minute") return new Date(minute * 60_000).toISOString();
  if (interval === "hour") return new Date((minute - wallOf(now.getTime(), zone).minute) * 60_000).toISOString();
  const today = dateIn(zone, now);
  return startIn(zone, addDays(completeEnd(today, today, interval), 1));
}

// Without an offset it would be another instant in every browser.
const isInstant = (text: string | null): text is string =>
  !!text && /^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:\d{2})$/.test(text) && !Number.isNaN(Date.parse(text));

/** The day that a range ends with: at midnight, the one before. */
const dayBefore = (zone: string, to: string) => dateIn(zone, new Date(Date.parse(to) - 1));

function days(asked: Asked, instants: Range["instants"], today: DateText, oldest: DateText): [DateText, DateText] {
  if (instants) return [dateIn(asked.zone, new Date(instants.from)), dayBefore(asked.zone, instants.to)];
  if (asked.period === "custom" && isDate(asked.from) && isDate(asked.to))
    return asked.from <= asked.to ? [asked.from, asked.to] : [asked.to, asked.from];
  const period = periods.find((each) => each.slug === asked.period) ?? periods[5];
  const start = period.first(today, oldest);
  if (period.slug === "yesterday") return [start, start];
  if (period.slug === "last-month") return [start, addDays(addMonths(start, 1), -1)];
  return [start < oldest ? oldest : start, today];
}

function instantsOf(asked: Asked, now: Date): Range["instants"] {
  if (asked.period === "custom" && isInstant(asked.from) && isInstant(asked.to)) {
    const [from, to] = [Date.parse(asked.from), Date.parse(asked.to)].sort((one, other) => one - other);
    if (from !== undefined && to !== undefined && from < to)
      return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
  }
  if (asked.period !== "24h") return null;
  // The minute that is running belongs to it.
  const to = (Math.floor(now.getTime() / 60_000) + 1) * 60_000;
  return { from: new Date(to - 86_400_000).toISOString(), to: new Date(to).toISOString() };
}

/** The range that an address asks for. `oldest`: before it there is nothing. */
export function rangeOf(asked: Asked, now: Date, oldest: DateText = "2000-01-01"): Range {
  const { zone } = asked;
  const today = dateIn(zone, now);
  const exact = instantsOf(asked, now);
  const [start, end] = days(asked, exact, today, oldest);
  const instants = asked.isWholeDays ? null : exact;
  const length = daysFrom(start, end);
  const allowed = intervalsOf(length, asked);
  const auto = autoInterval(hoursOf(instants, length), allowed);
  const interval = asked.interval && allowed.includes(asked.interval) ? asked.interval : auto;
  const range = { start, end, zone, interval, instants, isLive: end >= today };
  return asked.isComplete ? completed(range, now) : range;
}

/** A range up to the last bucket that is over, or all of it where none is. */
function completed(range: Range, now: Date): Range {
  const { start, end, zone, interval, instants } = range;
  if (instants) {
    const to = [instants.to, completeTo(zone, interval, now)].sort()[0] as string;
    if (to <= instants.from) return range;
    return { ...range, end: dayBefore(zone, to), instants: { ...instants, to }, isLive: false };
  }
  const last = completeEnd(end, dateIn(zone, now), interval);
  return last < start ? range : { ...range, end: last, isLive: false };
}

/** The range as sections 2 and 3 of the API want it: they know no minutes. */
export const asDates = (range: Range) => ({
  start_date: range.start,
  end_date: range.end,
  interval: range.interval === "minute" ? ("hour" as const) : range.interval,
  timezone: range.zone,
});

/** The range as sections 5 and 8 want it: `to` is exclusive. */
export const asInstants = (range: Range) => ({
  from: range.instants?.from ?? range.start,
  to: range.instants?.to ?? addDays(range.end, 1),
  timezone: range.zone,
});

const monthsFrom = (first: DateText, next: DateText) =>
  (Number(next.slice(0, 4)) - Number(first.slice(0, 4))) * 12 + Number(next.slice(5, 7)) - Number(first.slice(5, 7));

/** The period before or after, as long as this one: whole months for months. Null after today. */
export function shifted(range: Range, by: 1 | -1, today: DateText): { from: DateText; to: DateText } | null {
  const isMonths = range.start.endsWith("-01") && addDays(range.end, 1).endsWith("-01");
  const length = daysFrom(range.start, range.end);
  const months = isMonths ? monthsFrom(range.start, addDays(range.end, 1)) : 0;
  const from = isMonths ? addMonths(range.start, by * months) : addDays(range.start, by * length);
  const to = isMonths ? addDays(addMonths(from, months), -1) : addDays(from, length - 1);
  return from > today ? null : { from, to };
}

/** The same dates so many months before. */
function monthsBefore({ start, end }: Range, months: number): { from: DateText; to: DateText } {
  const next = addDays(end, 1);
  const to = addMonths(next, -months);
  // It is the first day that does not count: a February 31st takes all of February in.
  return { from: addMonths(start, -months), to: to.slice(8) < next.slice(8) ? to : addDays(to, -1) };
}

/** So many buckets before the range's own, cut as they are, as the API goes back by `previous_period`; by hours whole days. */
function bucketsBefore(range: Range): { from: DateText; to: DateText } {
  const { start, end, interval } = range;
  if (interval === "month") return monthsBefore(range, monthsFrom(monthStart(start), monthStart(end)) + 1);
  if (interval === "year") return monthsBefore(range, monthsFrom(yearStart(start), yearStart(end)) + 12);
  const length = interval === "week" ? daysFrom(weekStart(start), weekStart(end)) + 6 : daysFrom(start, end);
  return { from: addDays(start, -length), to: addDays(end, -length) };
}

/**
 * The range to compare with, for routes that do not compare by themselves: as many buckets before, or the same dates a year before. Of
 * instants as much time before, or 52 weeks.
 */
export function rangeBefore(range: Range, by: "previous" | "year"): Range {
  if (range.instants) {
    const [from, to] = [Date.parse(range.instants.from), Date.parse(range.instants.to)];
    const back = by === "year" ? 364 * 86_400_000 : to - from;
    const [start, end] = [new Date(from - back), new Date(to - back)];
    const instants = { from: start.toISOString(), to: end.toISOString() };
    return { ...range, start: dateIn(range.zone, start), end: dateIn(range.zone, end), instants, isLive: false };
  }
  const { from: start, to: end } = by === "previous" ? bucketsBefore(range) : monthsBefore(range, 12);
  return { ...range, start, end, isLive: false };
}
