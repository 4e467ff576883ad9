import type { Place } from "../../../address/place.ts";

/** Days as charts take them: the oldest first. They are those of UTC, and today is not over. */
export const bucketsOf = <T extends { day: string }>(days: readonly T[], { today }: Place) =>
  days.toReversed().map((day) => ({ ...day, timestamp: `${day.day}T00:00:00Z`, partial: day.day === today }));
