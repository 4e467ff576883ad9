import assert from "node:assert/strict";
import { test } from "node:test";
import { countCallers } from "../../../src/pages/api/countCallers.ts";

test("callers are counted: who has the most first, equal ones by name", () => {
  const rows = ["b", "a", "c", "c"].map((customerId) => ({ customerId }));
  assert.deepEqual(countCallers(rows), [
    { customer: "c", count: 2 },
    { customer: "a", count: 1 },
    { customer: "b", count: 1 },
  ]);
});
