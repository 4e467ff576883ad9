import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { heatBounds, heatOf, heats } from "../../src/charts/heat.ts";

test("as many values stand in each colour as can be", () => {
  const values = Array.from({ length: 70 }, (_, index) => index);
  const bounds = heatBounds(values);
  assert.deepEqual(bounds, [10, 20, 30, 40, 50, 60]);
  assert.deepEqual(
    [0, 9, 10, 69].map((value) => heatOf(value, bounds)),
    [1, 1, 2, 7],
  );
});

test("one value alone is the palest", () => {
  assert.equal(heatOf(5, heatBounds([5, 5, 5])), 1);
  assert.deepEqual(heatBounds([]), []);
});

test("more is never paler, and the colours are those that there are", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1 }), (values) => {
      const bounds = heatBounds(values);
      const colours = [...values].sort((one, other) => one - other).map((value) => heatOf(value, bounds));
      colours.forEach((colour, index) => {
        assert.ok(Number.isInteger(colour) && colour >= 1 && colour <= heats);
        assert.ok(index === 0 || colour >= (colours[index - 1] as number));
      });
    }),
  );
});
