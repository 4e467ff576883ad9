import assert from "node:assert/strict";
import { test } from "node:test";
import { heatBounds, heatOf } from "../../src/charts/heat.ts";

test("among mostly zeros what is not zero is seen, the biggest in the last colour", () => {
  const values = [...Array.from({ length: 160 }, () => 0), 1, 2, 3, 4, 5, 6, 7, 8];
  const bounds = heatBounds(values);
  assert.deepEqual(
    [0, 1, 4, 8].map((value) => heatOf(value, bounds)),
    [1, 2, 4, 7],
  );
});

test("one number among zeros is not one of them", () => {
  const bounds = heatBounds([0, 0, 0, 0, 0, 0, 0, 0.4]);
  assert.ok(heatOf(0.4, bounds) > heatOf(0, bounds));
});
