import assert from "node:assert/strict";
import { test } from "node:test";
import { patched } from "../../src/address/filters.ts";
import { askedOf, columnsOf, type Question, questionPatch, readQuestion } from "../../src/query/question.ts";

const plain: Question = {
  dataset: "events",
  metrics: [{ aggregation: "count", field: "" }],
  events: [],
  dimensions: [],
  filters: [],
  interval: null,
  order: "",
  limit: "",
};

const throughAddress = (question: Question) =>
  readQuestion(new URLSearchParams(patched(new URLSearchParams(), questionPatch(question)).toString()));

test("the plain question leaves the address as it is", () => {
  assert.equal(patched(new URLSearchParams("period=7d"), questionPatch(plain)).toString(), "period=7d");
  assert.deepEqual(readQuestion(new URLSearchParams()), plain);
});

test("whatever is asked stands in the address, to the letter", () => {
  const question: Question = {
    dataset: "events",
    metrics: [
      { aggregation: "sum", field: "a(b).c" },
      { aggregation: "p95", field: "_llm.total tokens" },
      { aggregation: "count", field: "plan" },
    ],
    events: ["order.placed", "a, b"],
    dimensions: ["customer", "metadata.name"],
    filters: [
      { field: "plan", operator: "IN", value: 'pro, "7"' },
      { field: "a EQUALS b%", operator: "NOT_CONTAINS", value: " x EQUALS y " },
    ],
    interval: "week",
    order: "-sum(a(b).c)",
    limit: "20",
  };
  assert.deepEqual(throughAddress(question), question);
  assert.deepEqual(throughAddress({ ...question, interval: "none" }).interval, "none");
});

test("names of events are not asked of requests, and what is not whole is not asked at all", () => {
  const half: Question = {
    ...plain,
    dataset: "requests",
    metrics: [{ aggregation: "sum", field: "" }],
    events: ["x"],
    filters: [{ field: " ", operator: "EQUALS", value: "1" }],
  };
  assert.deepEqual(throughAddress(half), { ...plain, dataset: "requests" });
});

test("what is sent has values, not their texts, and nothing that was not said", () => {
  const filters = [{ field: " plan ", operator: "EQUALS", value: "42" }];
  assert.deepEqual(askedOf({ ...plain, filters, dimensions: ["name"] }), {
    dataset: "events",
    metrics: [{ aggregation: "count" }],
    dimensions: ["name"],
    filters: [{ field: "plan", operator: "EQUALS", value: 42 }],
  });
});

test("an answer has a column of time unless all of it is asked together", () => {
  assert.deepEqual(columnsOf({ ...plain, dimensions: ["name"] }), ["timestamp", "name", "count"]);
  assert.deepEqual(columnsOf({ ...plain, interval: "none" }), ["count"]);
});
