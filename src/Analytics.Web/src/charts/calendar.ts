import { bucketLabel, dayText, type Interval } from "../time/labels.ts";
import { isSameDay, type Wall, wallOf } from "../time/zone.ts";
import type { Bucket } from "./series.ts";

export interface XTick {
  bucket: number;
  text: string;
}

/** A way to choose buckets: those where something of the calendar starts. */
interface Rung {
  takes: (wall: Wall, before: Wall | undefined) => boolean;
  as: "bucket" | "day" | "month" | "year";
}

const all: Rung = { takes: () => true, as: "bucket" };
const hours = (every: number): Rung => ({
  takes: (wall) => wall.minute === 0 && wall.hour % every === 0,
  as: "bucket",
});
const minutes = (every: number): Rung => ({ takes: (wall) => wall.minute % every === 0, as: "bucket" });
// Not at hour 0: there are days that start at one.
const startsDay = (wall: Wall, before: Wall | undefined) =>
  before ? !isSameDay(wall, before) : wall.hour === 0 && wall.minute === 0;
const days = (takes: (wall: Wall) => boolean): Rung => ({
  takes: (wall, before) => startsDay(wall, before) && takes(wall),
  as: "day",
});
const months = (every: number, last = 1): Rung => ({
  takes: (wall, before) => startsDay(wall, before) && wall.day <= last && (wall.month - 1) % every === 0,
  as: "month",
});
const years = (every: number, last = 1): Rung => ({
  takes: (wall) => wall.month === 1 && wall.day <= last && wall.year % every === 0,
  as: "year",
});

const dayNumber = ({ year, month, day }: Wall) => Date.UTC(year, month - 1, day) / 86_400_000;

const sinceDays = [days(() => true), days((wall) => dayNumber(wall) % 2 === 0), days((wall) => wall.weekday === 0)];
const sinceMonths = [1, 2, 3, 6].map((every) => months(every));
const sinceYears = [1, 2, 5, 10, 20, 50].map((every) => years(every));

/** From fine to coarse. */
const rungs: Record<Interval, Rung[]> = {
  minute: [all, ...[2, 5, 10, 15, 30].map(minutes), ...[1, 2, 3, 6, 12].map(hours), ...sinceDays],
  hour: [
    all,
    ...[2, 3, 6, 12].map(hours),
    ...sinceDays,
    days((wall) => wall.day === 1 || wall.day === 15),
    ...sinceMonths,
  ],
  day: [all, ...sinceDays, days((wall) => wall.day === 1 || wall.day === 15), ...sinceMonths, ...sinceYears],
  week: [all, ...[1, 2, 3, 6].map((every) => months(every, 7)), ...[1, 2, 5, 10].map((every) => years(every, 7))],
  month: [all, ...sinceMonths, ...sinceYears],
  year: [all, ...[2, 5, 10, 20, 50].map((every) => years(every))],
};

/** The labels below a chart: as many as fit, where hours, days, weeks, months or years start. */
export function xTicks(buckets: readonly Bucket[], interval: Interval, zone: string, most: number): XTick[] {
  const walls = buckets.map((bucket) => wallOf(bucket.timestamp, zone));
  for (const rung of rungs[interval]) {
    const chosen = walls.flatMap((wall, index) => (rung.takes(wall, walls[index - 1]) ? [index] : []));
    if (chosen.length > most || chosen.length === 0) continue;
    return chosen.map((bucket, place) => ({ bucket, text: textOf(rung, bucket, place) }));
  }
  const every = Math.ceil(buckets.length / Math.max(1, most));
  return buckets.flatMap((_, bucket) => (bucket % every === 0 ? [{ bucket, text: textOf(all, bucket, bucket) }] : []));

  function textOf(rung: Rung, index: number, place: number): string {
    const { timestamp } = buckets[index] as Bucket;
    const wall = walls[index] as Wall;
    const isClock = interval === "minute" || interval === "hour";
    const isDays = !isSameDay(wall, walls[0] as Wall) || !isSameDay(walls.at(-1) as Wall, wall);
    if (rung.as === "year") return String(wall.year);
    if (rung.as === "month")
      return bucketLabel(timestamp, "month", zone).slice(0, place === 0 || wall.month === 1 ? undefined : 3);
    if (rung.as === "day" || (isClock && isDays && startsDay(wall, walls[index - 1]))) return dayText(timestamp, zone);
    return bucketLabel(timestamp, interval, zone);
  }
}
