import { addDays, dateIn } from "../time/dates.ts";
import { type Patch, rangePatch } from "./filters.ts";
import type { Interval } from "./period.ts";
import type { Place } from "./place.ts";

type Buckets = readonly { timestamp: string }[];

/** Zooming to some buckets, for routes that take dates: the days they lie in. */
export function zoomToDays(place: Place, buckets: Buckets, first: number, last: number): Patch {
  const day = (at: number) => {
    const bucket = buckets[at];
    return bucket && dateIn(place.zone, new Date(bucket.timestamp));
  };
  const next = day(last + 1);
  // An hour lies in its day; a longer bucket ends the day before the next one begins.
  const end = place.range.interval === "hour" ? day(last) : next && addDays(next, -1);
  return rangePatch(day(first) ?? place.range.start, end ?? place.range.end);
}

/** Buckets that are as long on every day. */
const lengths: Partial<Record<Interval, number>> = { minute: 60_000, hour: 3_600_000 };

/** Zooming to some buckets, for routes that take instants; they are the range's unless it is said. */
export function zoomToInstants(
  place: Place,
  buckets: Buckets,
  first: number,
  last: number,
  interval: Interval = place.range.interval,
): Patch {
  const [from, end, next] = [buckets[first]?.timestamp, buckets[last]?.timestamp, buckets[last + 1]?.timestamp];
  const length = lengths[interval];
  const to = next ?? (end && length ? new Date(Date.parse(end) + length).toISOString() : undefined);
  return from && to ? rangePatch(from, to) : zoomToDays(place, buckets, first, last);
}
