import assert from "node:assert/strict";
import { test } from "node:test";
import type { Place } from "../../../src/address/place.ts";
import { daysBefore, daysOf } from "../../../src/pages/apps/question.ts";

const placeOf = (start: string, end: string) => ({ range: { start, end } }) as Place;

test("the day after the last one ends the question, and of a long range the last 90 days are asked for", () => {
  assert.deepEqual(daysOf(placeOf("2026-03-11", "2026-03-13")), { from: "2026-03-11", to: "2026-03-14" });
  assert.deepEqual(daysOf(placeOf("2025-01-01", "2026-03-31")), { from: "2026-01-01", to: "2026-04-01" });
});

test("as many days before are compared with, whole months too, or the same dates a year before", () => {
  const march = { from: "2026-03-01", to: "2026-04-01" };
  assert.deepEqual(daysBefore(march, "previous"), { from: "2026-01-29", to: "2026-03-01" });
  assert.deepEqual(daysBefore(march, "year"), { from: "2025-03-01", to: "2025-04-01" });
  const leap = { from: "2024-02-29", to: "2024-03-01" };
  assert.deepEqual(daysBefore(leap, "year"), { from: "2023-02-28", to: "2023-03-01" });
});
