import { jsonText } from "../../../api/exact.ts";

/** So many characters are enough to know a value by; its row has all of it. */
const longest = 48;

// Line ends within a text are escaped: these are those between members.
const inOneLine = (json: string) => json.replace(/,\n\s*/g, ", ").replace(/\n\s*/g, "");

/** A value in one line: texts as they are, what is blank in quotes. */
export function cellText(value: unknown): string {
  const text = typeof value === "string" ? value : inOneLine(jsonText(value));
  if (text.trim() === "") return JSON.stringify(text);
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}
