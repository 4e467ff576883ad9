import assert from "node:assert/strict";
import { test } from "node:test";
import { filterOf } from "../../../src/pages/log/question.ts";

test("the address asks in the API's own words, and what is empty asks for nothing", () => {
  const params = new URLSearchParams(
    "q=&type=a&type=b&severity=&category=API&actor=x&targetType=t&targetId=1&correlationId=c&period=7d",
  );
  assert.deepEqual(filterOf(params), {
    q: [],
    type: ["a", "b"],
    category: ["API"],
    severity: null,
    actor: ["x"],
    targetType: ["t"],
    targetId: ["1"],
    correlationId: ["c"],
  });
});
