import assert from "node:assert/strict";
import { test } from "node:test";
import { askedOf } from "../../src/query/question.ts";
import { askedOfSaved, questionOf, sentenceOf, timePatch } from "../../src/query/saved.ts";

const query = {
  dataset: null,
  metrics: [
    { aggregation: "sum", field: "amount" },
    { aggregation: "count", field: null },
  ],
  events: ["order.placed"],
  dimensions: ["plan"],
  filters: [{ field: "plan", operator: "IN", value: ["pro", "7"] }],
  period: "7d",
  interval: "day",
  timezone: null,
};

test("a saved question is asked again as it was saved", () => {
  const { period, interval, timezone, dataset, metrics, ...same } = query;
  assert.deepEqual(askedOf(questionOf(query)), {
    ...same,
    dataset: "events",
    metrics: [{ aggregation: "sum", field: "amount" }, { aggregation: "count" }],
  });
});

test("a saved question is told in words", () => {
  assert.equal(sentenceOf(query), 'sum(amount), count of order.placed by plan where plan is one of pro, "7"');
  assert.equal(
    sentenceOf({ metrics: [{ aggregation: "p95", field: "latencyMs" }], dataset: "requests" }),
    "p95(latencyMs) of API requests",
  );
});

test("the address of a saved question shows the same time", () => {
  const time = (saved: object) => timePatch(saved, "2026-03-11", "Europe/Paris");
  assert.deepEqual(time(query), { period: "7d", from: null, to: null, tz: null });
  assert.deepEqual(time({ ...query, period: null }), { period: null, from: null, to: null, tz: null });
  assert.deepEqual(time({ ...query, period: "2w", timezone: "UTC" }), {
    period: null,
    from: "2026-02-26",
    to: "2026-03-11",
    tz: "UTC",
  });
  assert.deepEqual(time({ from: "2026-03-01", to: "2026-03-08" }), {
    period: null,
    from: "2026-03-01",
    to: "2026-03-07",
    tz: null,
  });
});

test("a kept answer is drawn by its own columns when something else is asked since", () => {
  const columns = ["timestamp", "plan", "sum(amount)", "count"];
  const same = askedOfSaved(query, { columns, rows: [], partial: false }, "UTC");
  assert.deepEqual([same.dimensions, same.metrics.length, same.interval], [["plan"], 2, "day"]);
  const other = askedOfSaved(query, { columns: ["name", "customer", "p95(ms)"], rows: [], partial: false }, "UTC");
  assert.deepEqual(other.dimensions, ["name", "customer"]);
  assert.deepEqual(other.metrics, [{ aggregation: "p95", field: "ms" }]);
  assert.equal(other.interval, null);
});
