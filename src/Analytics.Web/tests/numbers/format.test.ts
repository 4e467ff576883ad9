import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseExact } from "../../src/api/exact.ts";
import { change, changeBy, exact, format, type Value } from "../../src/numbers/format.ts";
import type { Sense, Unit } from "../../src/numbers/units.ts";

const usd = { currency: "usd" };

const brief: [Value | null, Unit, string, currency?: string][] = [
  [null, "count", "-"],
  ["", "count", "-"],
  [0, "count", "0"],
  [9999, "count", "9,999"],
  [10_000, "count", "10.0k"],
  [12_345, "count", "12.3k"],
  [999_499, "count", "999k"],
  [999_500, "count", "1.00M"],
  [4_560_000, "count", "4.56M"],
  [-12_345, "count", "-12.3k"],
  ["9007199254740993", "count", "9.01e15"],
  [7.125, "number", "7.13"],
  [0.001234, "number", "0.00123"],
  [3.4, "ratio", "3.40"],
  [0.5, "rate", "0.5 /s"],
  [123_456, "cents", "$1,234.56"],
  [0, "cents", "$0.00"],
  [-5, "cents", "-$0.05"],
  [9_999_999, "cents", "$99,999.99"],
  [123_456_789, "cents", "$1.23M"],
  [123_456, "cents", "€1,234.56", "eur"],
  [1234, "cents", "¥1,234", "jpy"],
  [1234, "cents", "KWD\u00a01.234", "KWD"],
  ["250.4", "subcents", "$2.50"],
  ["12.345", "subcents", "$0.1235"],
  ["0.0123456", "subcents", "$0.000123"],
  ["0.000000000001", "subcents", "$0.00000000000001"],
  ["0", "subcents", "$0.00"],
  [0.1234, "fraction", "12.3 %"],
  [0.0004, "fraction", "< 0.1 %"],
  [0.99999, "fraction", "> 99.9 %"],
  [1, "fraction", "100.0 %"],
  [12.34, "percent", "12.3 %"],
  [0, "percent", "0.0 %"],
  [-0.01, "percent", "> -0.1 %"],
  [0, "bytes", "0 B"],
  [1023, "bytes", "1023 B"],
  [1024, "bytes", "1 KiB"],
  [1023 * 1024, "bytes", "0.999 MiB"],
  [512 * 1024 * 1024, "bytes", "512 MiB"],
  [1.5 * 1024 ** 4, "bytes", "1.5 TiB"],
  [0, "ms", "0 ms"],
  [0.42, "ms", "0.42 ms"],
  [244.6, "ms", "245 ms"],
  [3210, "ms", "3.2 s"],
  [125_000, "ms", "2 m 05 s"],
  [59_960, "ms", "1 m 00 s"],
  [11_220, "seconds", "3 h 07 m"],
  [187_200, "seconds", "2 d 04 h"],
];

test("numbers in short follow the table", () => {
  for (const [value, unit, text, currency] of brief)
    assert.equal(format(value, unit, currency ? { currency } : usd), text, `${value} ${unit}`);
});

const full: [Value | null, Unit, string][] = [
  [null, "cents", "-"],
  [1234567, "count", "1,234,567"],
  ["123456789012345678901234567890", "count", "123,456,789,012,345,678,901,234,567,890"],
  ["12.345", "subcents", "$0.12345"],
  ["0.000000000001", "subcents", "$0.00000000000001"],
  [1e21, "count", "1,000,000,000,000,000,000,000"],
  [1.5e-7, "number", "0.00000015"],
  [100, "cents", "$1.00"],
  [0.123456, "fraction", "12.3456 %"],
  [536870912, "bytes", "536,870,912 B"],
  [1234.5, "ms", "1,234.5 ms"],
  [-1234567, "cents", "-$12,345.67"],
];

test("numbers in full keep every digit", () => {
  for (const [value, unit, text] of full) assert.equal(exact(value, unit, usd), text, `${value} ${unit}`);
});

test("past 2^53 the digits are those of the API's own text", () => {
  // Not every runtime tells the source of a number; where it does not, doubles are all there is.
  const [sum] = parseExact("[9007199254740993]") as [Value];
  const keeps = JSON.parse(
    "[1]",
    ((_key: string, _value: unknown, context?: { source?: string }) => context?.source !== undefined) as never,
  );
  assert.equal(exact(sum, "count", usd), keeps ? "9,007,199,254,740,993" : "9,007,199,254,740,992");
});

test("a decimal of any length comes out as it went in, but for its commas", () => {
  const decimals = fc
    .tuple(fc.boolean(), fc.bigInt({ min: 0n, max: 10n ** 40n }), fc.nat(20))
    .map(([isNegative, units, places]) => {
      const digits = units.toString().padStart(places + 1, "0");
      const text = places > 0 ? `${digits.slice(0, -places)}.${digits.slice(-places)}` : digits;
      return (isNegative && units > 0n ? "-" : "") + text;
    });
  const tidied = (text: string) => (text.includes(".") ? text.replace(/0+$/, "").replace(/\.$/, "") : text);
  fc.assert(
    fc.property(decimals, (text) => {
      assert.equal(exact(text, "number", usd).replaceAll(",", ""), tidied(text));
    }),
  );
});

test("a short number is within half a percent of what it stands for", () => {
  const letters: Record<string, number> = { k: 1e3, M: 1e6, B: 1e9, T: 1e12 };
  fc.assert(
    fc.property(fc.integer({ min: 10_000, max: Number.MAX_SAFE_INTEGER }), (value) => {
      const text = format(value, "count", usd);
      const shown = text.includes("e")
        ? Number(text)
        : Number(text.slice(0, -1)) * (letters[text.slice(-1)] ?? Number.NaN);
      assert.ok(Math.abs(shown - value) <= value * 0.005 + 1e-6, `${value} as ${text}`);
    }),
  );
});

test("a cost that is not nothing never reads as nothing", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10 ** 9 }), fc.integer({ min: 0, max: 18 }), (units, places) => {
      assert.match(format(`${units}e-${places}`, "subcents", usd), /[1-9]/);
    }),
  );
});

const changes: [now: Value, before: Value | null, Sense, text: string, arrow: string, tone: string][] = [
  [112.4, 100, "more", "+12.4 %", "up", "better"],
  [112.4, 100, "less", "+12.4 %", "up", "worse"],
  [50, 100, "less", "-50.0 %", "down", "better"],
  [50, 100, "neutral", "-50.0 %", "down", "neutral"],
  [5, 0, "more", "new", "up", "better"],
  [0, 0, "more", "-", "none", "neutral"],
  [5, null, "more", "-", "none", "neutral"],
  [100.01, 100, "more", "0.0 %", "none", "neutral"],
  [123_456, 100, "more", "+123,356 %", "up", "better"],
  [-50, -100, "more", "+50.0 %", "up", "better"],
];

test("a change has a sign, an arrow and a tone", () => {
  for (const [now, before, sense, text, arrow, tone] of changes)
    assert.deepEqual(change(now, before, sense), { text, arrow, tone }, `${before} to ${now}`);
  assert.deepEqual(changeBy(-0.031, "more"), { text: "-3.1 %", arrow: "down", tone: "worse" });
});
