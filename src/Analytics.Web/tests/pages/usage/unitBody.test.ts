import assert from "node:assert/strict";
import { test } from "node:test";
import { bodyOf, changeOf, textOfUnit } from "../../../src/pages/usage/unitBody.ts";

const unit = {
  key: "calls",
  name: "Calls",
  unitLabel: "calls",
  aggregation: "COUNT" as const,
  eventName: "api.called",
  field: null,
  productType: null,
  filters: [{ field: "plan", operator: "IN" as const, value: ["pro", "7"] }],
  createdAt: "2026-03-11T09:30:00Z",
};

test("a unit that stands in the form is sent as it was answered", () => {
  const { createdAt: _, ...sent } = unit;
  assert.deepEqual(bodyOf(textOfUnit(unit)), sent);
});

test("only what is another than it was is sent of a change", () => {
  const before = textOfUnit(unit);
  assert.deepEqual(changeOf(before, before), {});
  assert.deepEqual(changeOf(before, { ...before, name: "Paid calls ", key: "other" }), { name: "Paid calls" });
  const filters = [{ field: "plan", operator: "EQUALS", value: "pro" }];
  assert.deepEqual(changeOf(before, { ...before, filters }), { filters });
});

test("what is only counted has no field, whatever stood there", () => {
  const text = { ...textOfUnit(unit), field: "size" };
  assert.equal(bodyOf(text).field, null);
  assert.equal(bodyOf({ ...text, aggregation: "MAX" }).field, "size");
});
