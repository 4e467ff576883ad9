/** What a filter compares with: one value, or a list of them. */
export type FilterValue = unknown;

const isList = (operator: string) => operator === "IN" || operator === "NOT_IN";
const isText = (operator: string) => operator === "CONTAINS" || operator === "NOT_CONTAINS";

/** A number or a truth value where the text reads as one; in quotes it is a text, whatever it is. */
function one(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" ? text : value;
  } catch {
    return text;
  }
}

// A comma within quotes parts nothing.
const parts = (text: string) => text.match(/\s*"(?:[^"\\]|\\.)*"\s*|[^,]+/g) ?? [];

/** What the reader typed, as the API wants it of an operator. */
export function readValue(operator: string, text: string): FilterValue {
  if (isText(operator)) return text;
  if (!isList(operator)) return one(text.trim());
  return parts(text)
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map(one);
}

/** The same, back: a text that would read as something else, or as several, stands in quotes. */
export function textOf(operator: string, value: FilterValue): string {
  if (isText(operator)) return String(value);
  if (Array.isArray(value)) return value.map((each) => oneText(each, true)).join(", ");
  return oneText(value, false);
}

function oneText(value: unknown, isListed: boolean): string {
  if (typeof value !== "string") return String(value);
  const isPlain = one(value) === value && value.trim() === value && value !== "" && !(isListed && /[,"]/.test(value));
  return isPlain ? value : JSON.stringify(value);
}
