import assert from "node:assert/strict";
import { test } from "node:test";
import { bucketsKey, hovered, letGo, point } from "../../src/charts/hover.ts";

const buckets = [{ timestamp: "2026-11-12T00:00:00Z" }, { timestamp: "2026-11-13T00:00:00Z" }];

test("charts with the same buckets move together, others do not", () => {
  const key = bucketsKey(buckets, "day", "UTC");
  assert.equal(bucketsKey(structuredClone(buckets), "day", "UTC"), key);
  assert.notEqual(bucketsKey(buckets, "day", "Europe/Paris"), key);
  assert.notEqual(bucketsKey(buckets.slice(1), "day", "UTC"), key);
});

test("pointing at the same bucket again tells nobody", () => {
  const chart = {};
  let told = 0;
  const stop = hovered.subscribe(() => {
    told++;
  });
  point({ buckets: "b", bucket: 3, chart, isByKeys: false });
  point({ buckets: "b", bucket: 3, chart, isByKeys: false });
  assert.equal(told, 2);
  stop();
});

test("only the chart that is pointed at lets go", () => {
  const chart = {};
  point({ buckets: "b", bucket: 1, chart, isByKeys: false });
  letGo({});
  assert.equal(hovered.value?.bucket, 1);
  letGo(chart);
  assert.equal(hovered.value, null);
});
