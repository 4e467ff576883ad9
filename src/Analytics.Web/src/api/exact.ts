/**
 * A number that a double would not write as the API did: a sum beyond 2^53, a decimal of many digits. It reckons like its double and
 * keeps its digits.
 */
export class Exact extends Number {
  constructor(
    value: number,
    readonly text: string,
  ) {
    super(value);
  }

  override toString(): string {
    return this.text;
  }

  toJSON(): number {
    return this.valueOf();
  }
}

/** A number of the API: a JSON number, or a decimal in a string. */
export type Value = number | string | Exact;

type Reviver = (key: string, value: unknown, context?: { source?: string }) => unknown;

// Where the browser does not tell the source, doubles are all there is.
const keepDigits: Reviver = (_key, value, context) =>
  typeof value === "number" && context?.source !== undefined && String(value) !== context.source
    ? new Exact(value, context.source)
    : value;

// Whatever a double would write in another way, and some more: many digits, a last 0 behind the point, an exponent, -0.
const special = /(?:^|[:,[])\s*-?(?:[\d.]{16,}|0\.000000|\d+\.\d*0(?!\d)|[\d.]+[eE])|(?:^|[:,[])\s*-0(?![.\d])/;

/** JSON with every number's own digits. Most answers have plain numbers alone, and are read in a third of the time. */
export function parseExact(text: string): unknown {
  return special.test(text)
    ? JSON.parse(text, keepDigits as (key: string, value: unknown) => unknown)
    : JSON.parse(text);
}

/** The digits as the API sent them. */
export function digits(value: Value): string {
  return value instanceof Exact ? value.text : String(value);
}

/** Its double: good for drawing, not for showing. */
export function double(value: Value): number {
  return Number(value);
}

/** A value as JSON, with the digits that the API sent. */
export function jsonText(value: unknown, indent = ""): string {
  if (value instanceof Exact) return value.text;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const deeper = `${indent}  `;
  const members = Array.isArray(value)
    ? value.map((item) => jsonText(item, deeper))
    : Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}: ${jsonText(member, deeper)}`);
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  return members.length === 0
    ? `${open}${close}`
    : `${open}\n${deeper}${members.join(`,\n${deeper}`)}\n${indent}${close}`;
}
