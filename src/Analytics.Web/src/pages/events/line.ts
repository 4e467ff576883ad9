import { Exact } from "../../api/exact.ts";

const isBranch = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !(value instanceof Exact);

/** The leaves of a JSON value, by their dotted paths. */
function leaves(value: unknown, path: string): string[] {
  if (!isBranch(value)) return [`${path}: ${String(value)}`];
  if (Array.isArray(value)) return [`${path}: ${value.some(isBranch) ? `${value.length} items` : value.join(" ")}`];
  return Object.entries(value).flatMap(([name, member]) => leaves(member, path ? `${path}.${name}` : name));
}

/** Longer than this, a glance takes too long. */
const longest = 120;

/** A metadata in one line, cut where it is long. */
export function line(metadata: object): string {
  const text = leaves(metadata, "").join(", ");
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}
