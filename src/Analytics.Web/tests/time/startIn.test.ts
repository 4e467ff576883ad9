import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { addDays, dateIn, startIn } from "../../src/time/dates.ts";

test("a day begins when the clocks of its zone say so", () => {
  assert.equal(startIn("UTC", "2026-03-29"), "2026-03-29T00:00:00.000Z");
  assert.equal(startIn("Europe/Paris", "2026-03-29"), "2026-03-28T23:00:00.000Z");
  assert.equal(startIn("Europe/Paris", "2026-03-30"), "2026-03-29T22:00:00.000Z");
  assert.equal(startIn("Asia/Kathmandu", "2026-11-01"), "2026-10-31T18:15:00.000Z");
  assert.equal(startIn("Pacific/Kiritimati", "2026-11-01"), "2026-10-31T10:00:00.000Z");
  assert.equal(startIn("Etc/GMT+12", "2026-11-01"), "2026-11-01T12:00:00.000Z");
});

test("a day without a midnight begins at one", () => {
  // Beirut's clocks go from 00:00 to 01:00.
  assert.equal(startIn("Asia/Beirut", "2026-03-29"), "2026-03-28T22:00:00.000Z");
  assert.equal(startIn("Asia/Beirut", "2026-03-30"), "2026-03-29T21:00:00.000Z");
});

test("the instant is the first of its date, in every zone", () => {
  const zones = ["UTC", "Europe/Paris", "America/New_York", "Asia/Beirut", "Asia/Kathmandu", "Australia/Lord_Howe"];
  const day = fc.integer({ min: 0, max: 5000 }).map((days) => addDays("2015-01-01", days));
  fc.assert(
    fc.property(fc.constantFrom(...zones), day, (zone, date) => {
      const start = Date.parse(startIn(zone, date));
      assert.equal(dateIn(zone, new Date(start)), date);
      assert.equal(dateIn(zone, new Date(start - 1)), addDays(date, -1));
    }),
  );
});
