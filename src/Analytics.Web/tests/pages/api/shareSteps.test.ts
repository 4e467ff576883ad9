import assert from "node:assert/strict";
import { test } from "node:test";
import { sentence } from "../../../src/pages/api/ShareCurve.tsx";
import { fewestFor, shareSteps } from "../../../src/pages/api/shareSteps.ts";

const usage = (customerId: string, cumulativeSharePercent: number, costSharePercent: number) => ({
  customerId,
  cumulativeSharePercent,
  costSharePercent,
});

test("shares of costs add up without the errors of doubles", () => {
  const steps = shareSteps([usage("a", 60, 0.1), usage("b", 90, 0.2), usage("c", 100, 99.7)]);
  assert.deepEqual(
    steps.map((step) => step.costs),
    [0.1, 0.3, 100],
  );
});

test("rounded shares never come to more than all", () => {
  const steps = shareSteps([usage("a", 50, 33.34), usage("b", 75, 33.34), usage("c", 100, 33.34)]);
  assert.equal(steps.at(-1)?.costs, 100);
});

test("the fewest customers of half of all requests are counted from the biggest on", () => {
  const steps = shareSteps([usage("a", 49.99, 0), usage("b", 50, 0), usage("c", 80.5, 0)]);
  assert.equal(fewestFor(50, steps), 2);
  assert.equal(fewestFor(80, steps), 3);
  assert.equal(fewestFor(90, steps), null);
});

test("the curve is told in a sentence", () => {
  const steps = shareSteps([usage("a", 55, 0), usage("b", 81, 0), usage("c", 100, 0)]);
  assert.equal(sentence(steps), "1 of 3 callers makes half of all requests, 2 make 80 %.");
  assert.equal(sentence(shareSteps([usage("a", 4, 0)])), "The 1 biggest callers make less than half of all requests.");
});
