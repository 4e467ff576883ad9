import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { quotaBytes, quotaParts } from "../../../src/pages/apps/quota.ts";

test("a quota is written in the largest unit of which it is a whole number", () => {
  assert.deepEqual(quotaParts(1024 ** 3), { count: 1, unit: "GiB" });
  assert.deepEqual(quotaParts(1.5 * 1024 ** 3), { count: 1536, unit: "MiB" });
  assert.deepEqual(quotaParts(2 * 1024 ** 4), { count: 2, unit: "TiB" });
  assert.deepEqual(quotaParts(1_000_000), { count: 1_000_000, unit: "bytes" });
});

test("what is written is read as the same bytes", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (bytes) => {
      const { count, unit } = quotaParts(bytes);
      assert.equal(quotaBytes(String(count), unit), bytes);
    }),
  );
});

test("parts of a unit are whole bytes, and no number is none", () => {
  assert.equal(quotaBytes("1.5", "GiB"), 1_610_612_736);
  assert.equal(quotaBytes("0.3", "bytes"), 0);
  for (const text of ["", " ", "much", "1,5"]) assert.ok(Number.isNaN(quotaBytes(text, "GiB")), text);
});
