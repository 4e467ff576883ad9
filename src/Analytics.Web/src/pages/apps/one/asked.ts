import type { Place } from "../../../address/place.ts";

/** How many days the routes of one app tell of. */
export const appDays = 30;

/** How many rows of a table are asked for at once. */
export const rowsOfPage = 25;

/** The table that the address names, letter by letter. */
export const askedTable = ({ rest }: Place): string => rest[2] ?? "";

/** How many rows of it are left out before those that are shown. */
export function askedOffset({ params }: Place): number {
  const offset = Number(params.get("offset") ?? 0);
  return Number.isSafeInteger(offset) && offset > 0 ? offset : 0;
}
