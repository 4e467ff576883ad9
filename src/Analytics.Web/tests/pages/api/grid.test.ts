import assert from "node:assert/strict";
import { test } from "node:test";
import { daysOfHours, hourGrid, weekGrid } from "../../../src/pages/api/grid.ts";
import { measureOf } from "../../../src/pages/api/measures.ts";

const count = measureOf(new URLSearchParams());
const p95 = measureOf(new URLSearchParams("measure=p95"));

test("the hours of a week stand under their weekday, Monday first", () => {
  const grid = weekGrid(
    [
      { weekday: 1, hour: 0, value: 5 },
      { weekday: 7, hour: 23, value: 9 },
    ],
    count,
  );
  assert.deepEqual([grid.rows[0], grid.rows[6], grid.columns[0], grid.columns[23]], ["Monday", "Sunday", "00", "23"]);
  assert.equal(grid.value(0, 0), 5);
  assert.equal(grid.value(6, 23), 9);
});

test("no requests are zero requests, but no latency", () => {
  const cells = [{ weekday: 2, hour: 3, value: 0 }];
  assert.equal(weekGrid(cells, count).value(1, 3), 0);
  assert.equal(weekGrid(cells, p95).value(1, 3), null);
});

test("endpoints stand in the order of the answer, hours in that of time", () => {
  const cell = (endpoint: string, timestamp: string, value: number) => ({ endpoint, timestamp, value });
  const grid = hourGrid(
    [
      cell("GET:/z", "2026-03-01T00:00:00Z", 1),
      cell("GET:/z", "2026-03-01T01:00:00Z", 2),
      cell("GET:/a", "2026-03-01T00:00:00Z", 3),
      cell("GET:/a", "2026-03-01T01:00:00Z", 4),
    ],
    count,
    new Date("2026-03-02T00:00:00Z"),
  );
  assert.deepEqual(grid.rows, ["GET:/z", "GET:/a"]);
  assert.deepEqual(grid.columns, ["2026-03-01T00:00:00Z", "2026-03-01T01:00:00Z"]);
  assert.equal(grid.value(1, 1), 4);
});

test("an hour that is still to come has no value", () => {
  const cells = ["00", "01"].map((hour) => ({ endpoint: "GET:/", timestamp: `2026-03-01T${hour}:00:00Z`, value: 0 }));
  const grid = hourGrid(cells, count, new Date("2026-03-01T00:30:00Z"));
  assert.deepEqual([grid.value(0, 0), grid.value(0, 1)], [0, null]);
});

test("a day is as many hours as the zone gives it", () => {
  const from = Date.parse("2026-03-27T23:00:00Z");
  const hours = Array.from({ length: 48 }, (_, at) => new Date(from + at * 3_600_000).toISOString());
  assert.deepEqual(daysOfHours(hours, "Europe/Paris"), [
    { name: "28 Mar", span: 24 },
    { name: "29 Mar", span: 23 },
    { name: "30 Mar", span: 1 },
  ]);
});
