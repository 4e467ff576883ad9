import type { Range } from "../../address/period.ts";
import { addDays, dateIn, daysFrom } from "../../time/dates.ts";
import { wallOf } from "../../time/zone.ts";

/** Where an instant lies in a range: 0 is its start, 1 its end. Days are as wide as each other, by the clocks of the zone. */
export function placeIn(range: Range, instant: string): number {
  const inside = (part: number) => Math.min(1, Math.max(0, part));
  if (range.instants) {
    const [from, to] = [Date.parse(range.instants.from), Date.parse(range.instants.to)];
    return inside((Date.parse(instant) - from) / (to - from));
  }
  const date = dateIn(range.zone, new Date(instant));
  if (date < range.start) return 0;
  const { hour, minute } = wallOf(instant, range.zone);
  const days = daysFrom(range.start, date) - 1 + (hour * 60 + minute) / 1440;
  return inside(days / daysFrom(range.start, range.end));
}

/** The days that an axis names: eight at most, as far from each other. */
export function daysOf(range: Range): { date: string; at: number }[] {
  const days = daysFrom(range.start, range.end);
  const step = Math.ceil(days / 8);
  return Array.from({ length: Math.ceil(days / step) }, (_, n) => ({
    date: addDays(range.start, n * step),
    at: (n * step) / days,
  }));
}
