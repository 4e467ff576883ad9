import assert from "node:assert/strict";
import { test } from "node:test";
import { type Data, draw } from "../../src/charts/drawing.ts";
import { bucketAt, xOf } from "../../src/charts/layout.ts";

const day = 86_400_000;

const days = (count: number, start = "2026-11-01T00:00:00Z") =>
  Array.from({ length: count }, (_, index) => ({ timestamp: new Date(Date.parse(start) + index * day).toISOString() }));

const chart = (over: Partial<Data> = {}): Data => ({
  buckets: days(4),
  interval: "day",
  zone: "UTC",
  series: [{ key: "a", label: "A", values: [10, 0, null, 40] }],
  unit: "count",
  money: { currency: "usd" },
  now: new Date("2026-12-31T00:00:00Z"),
  ...over,
});

const pathOf = (data: Data, as: string) =>
  draw(data, 400, 200)
    .marks.filter((mark) => mark.as === as)
    .map((mark) => mark.d);

test("the same data in the same width give the same paths", () => {
  const data = chart();
  assert.deepEqual(draw(data, 400, 200).marks, draw(structuredClone(data), 400, 200).marks);
  assert.deepEqual(pathOf(data, "bar"), ["M46,137h48v39h-48ZM138,176h48v0h-48ZM322,18h48v158h-48Z"]);
});

test("few buckets of an amount are bars; many, or a comparison, are lines", () => {
  assert.equal(draw(chart(), 400, 200).kind, "bars");
  assert.equal(draw(chart({ unit: "ms" }), 400, 200).kind, "line");
  assert.equal(draw(chart({ buckets: days(49) }), 400, 200).kind, "line");
  assert.equal(draw(chart({ previous: { buckets: days(4), series: [] } }), 400, 200).kind, "line");
});

test("an unfinished bar is hatched and says so", () => {
  const buckets = days(4).map((bucket, index) => (index === 3 ? { ...bucket, partial: true } : bucket));
  const { marks, layout } = draw(chart({ buckets }), 400, 200);
  assert.deepEqual(
    marks.map((mark) => mark.as),
    ["bar", "hatch", "open"],
  );
  assert.equal(layout.soFarAbove, 3);
  const narrow = draw(chart({ buckets }), 160, 200).layout;
  assert.equal(narrow.soFarAbove, null);
  assert.equal(narrow.labels.at(-1)?.text, "so far");
});

test("what has not come yet and what was before anything has no marks, but its ground", () => {
  const data = chart({ now: new Date("2026-11-03T12:00:00Z"), since: "2026-11-02T08:00:00Z" });
  const { states, marks } = draw(data, 400, 200);
  assert.deepEqual(states, ["early", "whole", "whole", "late"]);
  assert.deepEqual(marks.map((mark) => mark.as).slice(0, 2), ["early", "late"]);
  assert.equal(pathOf(data, "bar").join("").match(/M/g)?.length, 1);
});

test("no change of the clock moves a bucket: all are equally wide", () => {
  const hours = (start: string, count: number) =>
    Array.from({ length: count }, (_, index) => ({
      timestamp: new Date(Date.parse(start) + index * 3_600_000).toISOString(),
    }));
  for (const [start, count] of [
    ["2026-03-28T23:00:00Z", 23],
    ["2026-10-24T22:00:00Z", 25],
  ] as const) {
    const { layout } = draw(chart({ buckets: hours(start, count), interval: "hour", zone: "Europe/Paris" }), 800, 200);
    for (let bucket = 0; bucket < count; bucket++) {
      assert.equal(bucketAt(layout, xOf(layout, bucket)), bucket);
      assert.ok(Math.abs(xOf(layout, bucket) - xOf(layout, 0) - bucket * layout.step) < 1e-6);
    }
  }
});

test("beside the plot the nearest bucket is meant", () => {
  const { layout } = draw(chart(), 400, 200);
  assert.equal(bucketAt(layout, -50), 0);
  assert.equal(bucketAt(layout, 4000), 3);
});

test("what it is compared with is a grey line under the other one, with its own dates", () => {
  const previous = {
    buckets: days(4, "2025-11-01T00:00:00Z"),
    series: [{ key: "a", label: "A", values: [1, 2, 3, 4] }],
  };
  const { marks, layout } = draw(chart({ previous }), 600, 200);
  assert.equal(marks[0]?.as, "before");
  assert.deepEqual(
    layout.labels.map((label) => label.before),
    ["1 Nov 2025", "2 Nov 2025", "3 Nov 2025", "4 Nov 2025"],
  );
});

test("a stack reaches as high as the sum, up and down from zero", () => {
  const series = [
    { key: "a", label: "A", values: [3, -1, 2, 2] },
    { key: "b", label: "B", values: [4, -2, -5, 0] },
  ];
  const { layout } = draw(chart({ series, kind: "stack" }), 400, 200);
  assert.ok(layout.axis.high >= 7 && layout.axis.low <= -5);
});

test("names at the lines' ends do not lie on each other", () => {
  const series = Array.from({ length: 6 }, (_, index) => ({
    key: `${index}`,
    label: `Name ${index}`,
    values: [1, 1, 1, 1 + index / 100],
  }));
  const { ends, layout } = draw(chart({ series }), 800, 200);
  const heights = ends.map((end) => end.y).sort((one, other) => one - other);
  assert.equal(heights.length, 6);
  heights.forEach((height, index) => {
    assert.ok(index === 0 || height - (heights[index - 1] as number) >= 14.9);
    assert.ok(height <= layout.bottom + 0.1);
  });
});

test("a chart of no values at all can be drawn", () => {
  for (const kind of ["line", "bars", "stack", "band"] as const)
    assert.doesNotMatch(
      JSON.stringify(draw(chart({ kind, series: [{ key: "a", label: "A", values: [] }] }), 400, 200)),
      /NaN|null,null/,
    );
});
