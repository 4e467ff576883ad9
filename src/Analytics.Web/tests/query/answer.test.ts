import assert from "node:assert/strict";
import { test } from "node:test";
import { type Answered, type Asked, bucketsOf, seriesOf } from "../../src/query/answer.ts";
import { bucketStarts } from "../../src/query/buckets.ts";

const at = (day: number) => `2026-03-${String(day).padStart(2, "0")}T00:00:00Z`;
const now = Date.parse("2026-03-20T12:00:00Z");
const count = { aggregation: "count", field: "" };
const average = { aggregation: "avg", field: "ms" };

const asked: Asked = {
  dataset: "events",
  metrics: [count, average],
  dimensions: ["plan"],
  interval: "day",
  zone: "UTC",
  span: { from: at(9), to: at(13) },
};

const answer: Answered = {
  columns: ["timestamp", "plan", "count", "avg(ms)"],
  rows: [
    [at(10), "pro", 3, 1.5],
    [at(12), "pro", 1, 4],
    [at(12), null, 7, null],
  ],
  partial: false,
};

test("buckets that no group is in are there too, as far as was asked", () => {
  const buckets = bucketsOf(answer, asked, now);
  assert.deepEqual(
    buckets.map((bucket) => Date.parse(bucket.timestamp)),
    [9, 10, 11, 12].map((day) => Date.parse(at(day))),
  );
  assert.equal(
    buckets.some((bucket) => bucket.partial),
    false,
  );
});

test("of nothing there is none, but no average", () => {
  const buckets = bucketsOf(answer, asked, now);
  const lines = (metric: typeof count) =>
    seriesOf(answer, asked, metric, buckets).map(({ label, values }) => [label, ...values]);
  assert.deepEqual(lines(count), [
    ["no plan", 0, 0, 0, 7],
    ["pro", 0, 3, 0, 1],
  ]);
  assert.deepEqual(lines(average), [
    ["pro", null, 1.5, null, 4],
    ["no plan", null, null, null, null],
  ]);
});

test("what the search did not come back to is not known", () => {
  const cut = { ...answer, rows: answer.rows.slice(1), partial: true, scannedFrom: "2026-03-11T06:00:00Z" };
  const buckets = bucketsOf(cut, asked, now);
  assert.deepEqual(
    buckets.map((bucket) => bucket.partial ?? false),
    [false, false, true, false],
  );
  assert.deepEqual(seriesOf(cut, asked, count, buckets)[1]?.values, [null, null, 0, 1]);
});

test("more groups than there are colours are one more, where they add up", () => {
  const rows = Array.from({ length: 9 }, (_, place) => [at(10), `plan ${place}`, place + 1, place]);
  const many = { ...answer, rows };
  const buckets = bucketsOf(many, asked, now);
  const lines = seriesOf(many, asked, count, buckets);
  assert.deepEqual(
    lines.map((line) => [line.label, line.values[1]]),
    [
      ["plan 8", 9],
      ["plan 7", 8],
      ["plan 6", 7],
      ["plan 5", 6],
      ["plan 4", 5],
      ["Other", 10],
    ],
  );
  assert.equal(seriesOf(many, asked, average, buckets).length, 6);
});

test("the bucket that is not over, and one that the range cuts, are so far", () => {
  const live = { ...asked, span: { from: "2026-03-18T10:00:00Z", to: "2026-03-21T00:00:00Z" } };
  const buckets = bucketsOf({ ...answer, rows: [] }, live, now);
  assert.deepEqual(
    buckets.map((bucket) => bucket.partial ?? false),
    [true, false, true],
  );
});

test("days begin when they begin, on the days the clocks change too", () => {
  assert.deepEqual(bucketStarts("2026-03-28T12:00:00Z", "2026-03-30T12:00:00Z", "day", "Europe/Paris"), [
    "2026-03-27T23:00:00.000Z",
    "2026-03-28T23:00:00.000Z",
    "2026-03-29T22:00:00.000Z",
  ]);
  assert.deepEqual(bucketStarts("2026-03-11T01:10:00Z", "2026-03-11T02:40:00Z", "hour", "Asia/Kathmandu"), [
    "2026-03-11T00:15:00.000Z",
    "2026-03-11T01:15:00.000Z",
    "2026-03-11T02:15:00.000Z",
  ]);
  assert.deepEqual(bucketStarts("2026-01-31T12:00:00Z", "2026-03-01T00:00:00Z", "month", "UTC"), [
    "2026-01-01T00:00:00.000Z",
    "2026-02-01T00:00:00.000Z",
    "2026-03-01T00:00:00.000Z",
  ]);
});
