import assert from "node:assert/strict";
import { test } from "node:test";
import { bodyOfAlert, changeOfAlert, textOfAlert, watchedText, whenText } from "../../../src/pages/alerts/alertText.ts";

const slow = {
  name: "Slow",
  enabled: true,
  severity: "ERROR",
  query: {
    dataset: "requests",
    metrics: [{ aggregation: "p95", field: "latencyMs" }],
    dimensions: ["endpoint"],
    filters: [{ field: "method", operator: "EQUALS", value: "GET" }],
  },
  window: "15m",
  when: { operator: "GREATER_THAN", value: 1500.5 },
};

const falls = {
  name: "Falls",
  severity: "WARN",
  statistic: { scope: "app", id: "files:portal", measure: "bandwidth" },
  window: "1d",
  when: { changePercent: -20 },
};

test("an alert that stands in the form is sent as it was answered", () => {
  const { enabled: _, ...sent } = slow;
  assert.deepEqual(bodyOfAlert(textOfAlert(slow)), sent);
  assert.deepEqual(bodyOfAlert(textOfAlert(falls)), falls);
});

test("of a change only what is another is sent, so that the rest is watched on", () => {
  const before = textOfAlert(slow);
  assert.deepEqual(changeOfAlert(before, { ...before, name: " Very slow " }), { name: "Very slow" });
  assert.deepEqual(changeOfAlert(before, { ...before, condition: "RISE", limit: "30" }), {
    when: { changePercent: 30 },
  });
});

test("a limit that is no number is the service's to refuse", () => {
  const text = textOfAlert(slow);
  assert.deepEqual(bodyOfAlert({ ...text, limit: "soon" }).when, { operator: "GREATER_THAN", value: "soon" });
  assert.deepEqual(bodyOfAlert({ ...text, limit: " " }).when, { operator: "GREATER_THAN", value: null });
});

test("an alert is told in words", () => {
  assert.equal(watchedText(slow), "p95(latencyMs) of API requests by endpoint where method is GET");
  assert.equal(whenText(slow), "is greater than 1500.5");
  assert.equal(watchedText(falls), "Bandwidth of files:portal");
  assert.equal(whenText(falls), "falls by 20 %");
});
