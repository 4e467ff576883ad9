import assert from "node:assert/strict";
import { test } from "node:test";
import { expiresAt, month, never, onDate } from "../../../src/pages/settings/expiry.ts";

const now = new Date("2026-11-28T12:00:00Z");

test("a key ends when its row says so", () => {
  assert.equal(expiresAt(never, "", "UTC", now), null);
  assert.equal(expiresAt(month, "", "Europe/Paris", now), "2026-12-28T12:00:00.000Z");
});

test("a date counts to its end, in the workspace's zone", () => {
  assert.equal(expiresAt(onDate, "2026-12-31", "UTC", now), "2027-01-01T00:00:00.000Z");
  assert.equal(expiresAt(onDate, "2026-12-31", "Europe/Paris", now), "2026-12-31T23:00:00.000Z");
  assert.equal(expiresAt(onDate, "2026-12-31", "Asia/Kathmandu", now), "2026-12-31T18:15:00.000Z");
});
