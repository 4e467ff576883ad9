import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { areaPath, boxPath, crisp, hatchPath, linePaths, type Point } from "../../src/charts/paths.ts";

const at = (...values: (number | null)[]): (Point | null)[] =>
  values.map((value, index) => (value === null ? null : [index * 10, value]));

test("what touches an unfinished bucket is dashed, all else is not", () => {
  const { whole, dashed, hollow } = linePaths(at(1, 2, 3, 4), (index) => index === 3);
  assert.equal(whole, "M0,1L10,2L20,3");
  assert.equal(dashed, "M20,3L30,4");
  assert.deepEqual(hollow, [[30, 4]]);
});

test("an unfinished first bucket is dashed as well", () => {
  const { whole, dashed } = linePaths(at(1, 2, 3), (index) => index === 0);
  assert.equal(dashed, "M0,1L10,2");
  assert.equal(whole, "M10,2L20,3");
});

test("a missing value is a gap, and one between two gaps is a dot", () => {
  const { whole, alone } = linePaths(at(1, 2, null, 4, null, 6, 7), () => false);
  assert.equal(whole, "M0,1L10,2M50,6L60,7");
  assert.deepEqual(alone, [[30, 4]]);
  assert.equal(areaPath(at(9, 9, null, 9, 9), at(1, 2, 3, 4, 5)), "M0,1L10,2L10,9L0,9ZM30,4L40,5L40,9L30,9Z");
});

test("every pair of neighbours is drawn exactly once", () => {
  const values = fc.array(fc.option(fc.integer({ min: 0, max: 100 })), { maxLength: 30 });
  fc.assert(
    fc.property(values, fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }), (given, partial) => {
      const { whole, dashed } = linePaths(at(...given), (index) => partial[index] ?? false);
      const segments = (path: string) => (path.match(/L/g) ?? []).length;
      const pairs = given.flatMap((value, index) =>
        index > 0 && value !== null && given[index - 1] !== null ? [index] : [],
      );
      const touching = pairs.filter((index) => partial[index] || partial[index - 1]);
      assert.equal(segments(dashed), touching.length);
      assert.equal(segments(whole), pairs.length - touching.length);
    }),
  );
});

test("bars stand on whole pixels, and what is not nothing is seen", () => {
  assert.equal(boxPath(crisp({ x: 1.4, y: 9.9, width: 3.6, height: 0.01 })), "M1,10h4v1h-4Z");
  assert.equal(crisp({ x: 0, y: 10, width: 4, height: 0 }).height, 0);
});

test("a hatch stays inside its box", () => {
  const box = fc.record({
    x: fc.double({ min: 0, max: 500, noNaN: true }),
    y: fc.double({ min: 0, max: 500, noNaN: true }),
    width: fc.double({ min: 1, max: 100, noNaN: true }),
    height: fc.double({ min: 1, max: 100, noNaN: true }),
  });
  fc.assert(
    fc.property(box, ({ x, y, width, height }) => {
      const numbers = [...hatchPath({ x, y, width, height }).matchAll(/[ML]([\d.]+),([\d.]+)/g)];
      for (const [, across, down] of numbers) {
        assert.ok(Number(across) >= x - 0.1 && Number(across) <= x + width + 0.1);
        assert.ok(Number(down) >= y - 0.1 && Number(down) <= y + height + 0.1);
      }
    }),
  );
});
