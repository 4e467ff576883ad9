import { addDays, startIn } from "../../time/dates.ts";

/** How long something is good for: so many days from now, until the end of a date, or (null) for ever. */
export interface ExpiryRow {
  value: string;
  name: string;
  days: number | null;
}

const inDays = (days: number, name: string): ExpiryRow => ({ value: `${days}`, name, days });

export const never: ExpiryRow = { value: "never", name: "Never", days: null };
export const onDate: ExpiryRow = { value: "date", name: "On a date", days: null };
export const week = inDays(7, "In 7 days");
export const month = inDays(30, "In 30 days");
export const quarter = inDays(90, "In 90 days");
export const year = inDays(365, "In a year");

const dayMs = 86_400_000;

/** The instant that a choice means; a date counts to its end, in the workspace's zone. */
export function expiresAt(row: ExpiryRow, date: string, zone: string, now: Date): string | null {
  if (row === onDate) return startIn(zone, addDays(date, 1));
  return row.days === null ? null : new Date(now.getTime() + row.days * dayMs).toISOString();
}
