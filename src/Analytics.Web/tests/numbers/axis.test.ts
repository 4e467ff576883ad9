import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { axisOf } from "../../src/numbers/axis.ts";
import { type Unit, units } from "../../src/numbers/units.ts";

const texts = (low: number, high: number, unit: Unit, currency = "usd") =>
  axisOf(low, high, unit, { currency }).ticks.map((tick) => tick.text);

test("ticks are round, and written alike", () => {
  assert.deepEqual(texts(0, 38_000, "cents"), ["$0", "$100", "$200", "$300", "$400"]);
  assert.deepEqual(texts(0, 380, "cents", "jpy"), ["¥0", "¥100", "¥200", "¥300", "¥400"]);
  assert.deepEqual(texts(-3_000, 9_000, "cents"), ["-$50", "$0", "$50", "$100"]);
  assert.deepEqual(texts(0, 12_500, "count"), ["0", "2.5k", "5.0k", "7.5k", "10.0k", "12.5k"]);
  assert.deepEqual(texts(0, 1, "count"), ["0", "1"]);
  assert.deepEqual(texts(0, 1e-9, "count"), ["0", "1"]);
  assert.deepEqual(texts(0, 0.034, "fraction"), ["0", "1 %", "2 %", "3 %", "4 %"]);
  assert.deepEqual(texts(0, 3 * 1024 ** 2, "bytes"), ["0", "1 MiB", "2 MiB", "3 MiB"]);
  assert.deepEqual(texts(0, 450, "ms"), ["0", "100 ms", "200 ms", "300 ms", "400 ms", "500 ms"]);
  assert.deepEqual(texts(0, 70, "seconds"), ["0", "0.25 m", "0.50 m", "0.75 m", "1.00 m", "1.25 m"]);
  assert.deepEqual(texts(0, 1e18, "count"), ["0", "2e17", "4e17", "6e17", "8e17", "1e18"]);
  assert.deepEqual(texts(0, 9e-9, "subcents"), ["$0", "$2e-11", "$4e-11", "$6e-11", "$8e-11", "$1e-10"]);
});

test("nothing at all is a line at zero", () => {
  assert.deepEqual(texts(0, 0, "cents"), ["$0"]);
});

test("amounts start at zero; what is far from it does not", () => {
  assert.equal(axisOf(90, 100, "count", { currency: "usd" }).low, 0);
  assert.ok(axisOf(90, 100, "ms", { currency: "usd" }).low >= 90);
  assert.equal(axisOf(20, 100, "ms", { currency: "usd" }).low, 0);
});

test("two values that are all but the same are seen from zero", () => {
  assert.equal(axisOf(999_999_999_999_998.8, 999_999_999_999_999, "percent", { currency: "usd" }).low, 0);
});

test("an axis holds what it shows, in at most five steps that rise, each with its own text", () => {
  const all = Object.keys(units) as Unit[];
  const value = fc
    .tuple(fc.integer({ min: -1_000_000, max: 1_000_000 }), fc.integer({ min: -12, max: 9 }))
    .map(([digits, power]) => Number(`${digits}e${power}`));
  fc.assert(
    fc.property(fc.constantFrom(...all), value, value, (unit, one, other) => {
      const [low, high] = [Math.min(one, other), Math.max(one, other)];
      const axis = axisOf(low, high, unit, { currency: "eur" });
      const slack = 1e-6 * Math.max(Math.abs(axis.low), Math.abs(axis.high));
      assert.ok(axis.low <= low + slack && axis.high >= high - slack, `${axis.low} to ${axis.high}`);
      assert.ok(axis.low < axis.high && axis.ticks.length <= 6);
      axis.ticks.forEach((tick, index) => {
        assert.ok(index === 0 || tick.value > (axis.ticks[index - 1]?.value as number));
      });
    }),
    { numRuns: 500 },
  );
});
