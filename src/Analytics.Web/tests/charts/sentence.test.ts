import assert from "node:assert/strict";
import { test } from "node:test";
import { sentenceOf, spokenOf } from "../../src/charts/sentence.ts";

const data = {
  buckets: [
    { timestamp: "2026-11-12T00:00:00Z" },
    { timestamp: "2026-11-13T00:00:00Z" },
    { timestamp: "2026-11-14T00:00:00Z", partial: true },
  ],
  interval: "day" as const,
  zone: "UTC",
  series: [{ key: "r", label: "Revenue", values: [31_000, 1200, 9600] }],
  unit: "cents" as const,
  money: { currency: "usd" },
  now: new Date("2026-11-14T12:00:00Z"),
};

test("a chart says what it shows: the unfinished bucket is neither highest nor lowest", () => {
  assert.equal(
    sentenceOf(data, "Revenue"),
    "Revenue, 3 days; highest 12 Nov $310.00, lowest 13 Nov $12.00, 14 Nov so far $96.00.",
  );
});

test("several series go by their names, and nothing is said to be nothing", () => {
  const series = [...data.series, { key: "c", label: "Costs", values: [null, null, null] }];
  assert.equal(
    sentenceOf({ ...data, series }, "Money"),
    "Money, 3 days; Revenue: highest 12 Nov $310.00, lowest 13 Nov $12.00, 14 Nov so far $96.00; Costs: no values.",
  );
  assert.equal(sentenceOf({ ...data, series: [], buckets: data.buckets.slice(0, 1) }, "Money"), "Money, 1 day.");
});

test("a bucket is spoken with all its digits", () => {
  assert.equal(spokenOf(data, 2, "so far"), "Saturday 14 Nov 2026, Revenue $96.00, so far");
});
