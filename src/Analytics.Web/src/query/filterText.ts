import { readValue, textOf } from "./filterValue.ts";

/** A filter as it stands in a form. */
export interface FilterText {
  field: string;
  operator: string;
  value: string;
}

/** A filter as the API has it. */
interface Filter {
  field?: string | null;
  operator?: string | null;
  value?: unknown;
}

export const filterText = ({ field, operator, value }: Filter): FilterText => ({
  field: field ?? "",
  operator: operator ?? "EQUALS",
  value: textOf(operator ?? "EQUALS", value),
});

export const filterBody = ({ field, operator, value }: FilterText) => ({
  field: field.trim(),
  operator,
  value: readValue(operator, value),
});
