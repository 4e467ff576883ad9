import assert from "node:assert/strict";
import { test } from "node:test";
import type { Range } from "../../../src/address/period.ts";
import { daysOf, placeIn } from "../../../src/pages/api/timeLine.ts";

const range: Range = {
  start: "2026-03-28",
  end: "2026-03-31",
  zone: "Europe/Paris",
  interval: "day",
  instants: null,
  isLive: false,
};

test("an instant lies where the clocks of the zone say, on the short day too", () => {
  assert.equal(placeIn(range, "2026-03-27T23:00:00Z"), 0);
  assert.equal(placeIn(range, "2026-03-28T23:00:00Z"), 0.25);
  assert.equal(placeIn(range, "2026-03-29T22:00:00Z"), 0.5);
  assert.equal(placeIn(range, "2026-03-30T10:00:00Z"), 0.625);
});

test("what began before the range lies at its start", () => {
  assert.equal(placeIn(range, "2026-03-01T00:00:00Z"), 0);
});

test("a range of instants is as long as it is", () => {
  const instants = { from: "2026-03-28T00:00:00Z", to: "2026-03-28T10:00:00Z" };
  assert.equal(placeIn({ ...range, instants }, "2026-03-28T05:00:00Z"), 0.5);
});

test("an axis names eight days at most", () => {
  assert.deepEqual(
    daysOf(range).map((day) => day.at),
    [0, 0.25, 0.5, 0.75],
  );
  assert.equal(daysOf({ ...range, start: "2026-01-01" }).length, 8);
});
