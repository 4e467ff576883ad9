import assert from "node:assert/strict";
import { test } from "node:test";
import { Exact } from "../../../src/api/exact.ts";
import { precisionOf } from "../../../src/numbers/precision.ts";
import { fieldOf, numericPaths } from "../../../src/pages/events/field.ts";
import { line } from "../../../src/pages/events/line.ts";

test("the numbers of a metadata have dotted paths; what stands in a list has none", () => {
  const metadata = { plan: "pro", pages: 12, _cost: { amount: new Exact(0.1, "0.10") }, list: [1, 2], none: null };
  assert.deepEqual(numericPaths(metadata), ["pages", "_cost.amount"]);
});

test("a path that the API does not know is a plain number", () => {
  assert.deepEqual(fieldOf("_cost.amount").unit, "subcents");
  assert.deepEqual(fieldOf("pages"), { path: "pages", name: "pages", unit: "number" });
});

test("a hundred values are exact, one more are within a percent", () => {
  assert.deepEqual([100, 101, "100"].map(precisionOf), ["exact", "within 1 %", "exact"]);
});

test("a metadata in a line names its leaves, and is cut where it is long", () => {
  assert.equal(
    line({ a: { b: new Exact(1.1, "1.10") }, c: [1, 2], d: [{ e: 1 }], f: null }),
    "a.b: 1.10, c: 1 2, d: 1 items, f: null",
  );
  const long = line({ text: "x".repeat(500) });
  assert.equal(long.length, 120);
  assert.ok(long.endsWith("…"));
});
