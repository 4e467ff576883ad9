import { jsonText } from "../../../api/exact.ts";

/** So many characters are enough to know a value by; its row has all of it. */
const longest = 80;

/** A value in one line: texts as they are, what is blank in quotes, JSON without its blanks. */
export function cellText(value: unknown): string {
  const text = typeof value === "string" ? value : jsonText(value).replace(/\n\s*/g, " ");
  if (text.trim() === "") return JSON.stringify(text);
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}
