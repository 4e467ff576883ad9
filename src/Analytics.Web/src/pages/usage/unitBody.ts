import { jsonText } from "../../api/exact.ts";
import { type FilterText, filterBody, filterText } from "../../query/filterText.ts";
import type { UnitRow } from "./Definitions.tsx";
import { aggregations } from "./words.ts";

/** A unit as it stands in the form. */
export interface UnitText {
  key: string;
  name: string;
  unitLabel: string;
  aggregation: string;
  eventName: string;
  field: string;
  productType: string;
  filters: FilterText[];
}

export const hasField = (aggregation: string) => aggregations.some((row) => row.slug === aggregation && row.hasField);

/** A unit to change, or a new one. */
export const textOfUnit = (unit?: UnitRow): UnitText => ({
  key: unit?.key ?? "",
  name: unit?.name ?? "",
  unitLabel: unit?.unitLabel ?? "",
  aggregation: unit?.aggregation ?? "COUNT",
  eventName: unit?.eventName ?? "",
  field: unit?.field ?? "",
  productType: unit?.productType ?? "",
  filters: (unit?.filters ?? []).map(filterText),
});

/** What is sent of it. */
export function bodyOf(text: UnitText): Record<string, unknown> {
  return {
    key: text.key.trim(),
    name: text.name.trim(),
    unitLabel: text.unitLabel.trim(),
    aggregation: text.aggregation,
    eventName: text.eventName.trim(),
    field: hasField(text.aggregation) ? text.field.trim() || null : null,
    productType: text.productType || null,
    filters: text.filters.map(filterBody),
  };
}

/** Only what is another than it was: of a unit with usage not everything changes. */
export function changeOf(before: UnitText, now: UnitText): Record<string, unknown> {
  const [was, is] = [bodyOf(before), bodyOf(now)];
  return Object.fromEntries(
    Object.entries(is).filter(([name, value]) => name !== "key" && jsonText(value) !== jsonText(was[name])),
  );
}
