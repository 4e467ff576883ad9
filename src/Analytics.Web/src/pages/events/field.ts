import type { Place } from "../../address/place.ts";
import { Exact, type Value } from "../../api/exact.ts";
import type { Unit } from "../../numbers/units.ts";

/** A number in events' metadata that is summed. */
export interface FieldRow {
  path: string;
  name: string;
  unit: Unit;
}

/** The paths whose meaning the API knows; of any other it knows that it is a number. */
export const knownFields: FieldRow[] = [
  { path: "_cost.amount", name: "Cost", unit: "subcents" },
  { path: "_llm.input_tokens", name: "Input tokens", unit: "count" },
  { path: "_llm.output_tokens", name: "Output tokens", unit: "count" },
  { path: "_llm.total_tokens", name: "Tokens", unit: "count" },
];

/** What the page sums unless the address says otherwise. */
export const usualField = "_cost.amount";

export const fieldOf = (path: string): FieldRow =>
  knownFields.find((row) => row.path === path) ?? { path, name: path, unit: "number" };

export const askedField = (place: Place) => fieldOf(place.params.get("field") ?? usualField);

/** Numbers by field, as the statistics have them: of one field, the only one. */
export const only = (values: Record<string, Value>): Value | null => Object.values(values)[0] ?? null;

const isNumber = (value: unknown) => typeof value === "number" || value instanceof Exact;

/** The dotted paths of a metadata's numbers. */
export function numericPaths(metadata: unknown, prefix = ""): string[] {
  if (isNumber(metadata)) return [prefix];
  if (typeof metadata !== "object" || metadata === null || Array.isArray(metadata)) return [];
  return Object.entries(metadata).flatMap(([name, value]) => numericPaths(value, prefix ? `${prefix}.${name}` : name));
}
