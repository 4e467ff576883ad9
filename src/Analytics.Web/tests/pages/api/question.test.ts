import assert from "node:assert/strict";
import { test } from "node:test";
import type { Range } from "../../../src/address/period.ts";
import { cutText, dateText, grainOf, lastDays } from "../../../src/pages/api/question.ts";
import { readStatuses } from "../../../src/pages/api/statuses.ts";

const range: Range = {
  start: "2026-03-01",
  end: "2026-03-31",
  zone: "Europe/Paris",
  interval: "day",
  instants: null,
  isLive: false,
};

test("a range that a route takes stays as it is", () => {
  assert.equal(lastDays(range, 31), range);
  assert.equal(cutText(range, 31), null);
});

test("a longer one is cut to its last days, and says so", () => {
  assert.deepEqual(lastDays(range, 7), { ...range, start: "2026-03-25" });
  assert.equal(cutText(range, 7), "The last 7 days of the range");
});

test("nothing is coarser than a day", () => {
  assert.equal(grainOf({ ...range, interval: "minute" }), "minute");
  assert.equal(grainOf({ ...range, interval: "hour" }), "hour");
  assert.equal(grainOf({ ...range, interval: "month" }), "day");
});

test("percate is told with its weekday", () => {
  assert.equal(dateText("2026-03-29"), "Sunday 29 Mar 2026");
});

test("status codes are read out of whatever stands between them", () => {
  assert.deepEqual(readStatuses("503, 500 500;404"), [404, 500, 503]);
  assert.deepEqual(readStatuses("5 50 99 600 5xx"), []);
});
