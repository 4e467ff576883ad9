import assert from "node:assert/strict";
import { test } from "node:test";
import { readValue, textOf } from "../../src/query/filterValue.ts";

test("numbers and truth values are read as such, and in quotes as texts", () => {
  assert.equal(readValue("EQUALS", "pro"), "pro");
  assert.equal(readValue("EQUALS", " 42 "), 42);
  assert.equal(readValue("NOT_EQUALS", "true"), true);
  assert.equal(readValue("EQUALS", '"42"'), "42");
  assert.equal(readValue("EQUALS", "null"), "null");
  assert.equal(readValue("EQUALS", '{"a":1}'), '{"a":1}');
  assert.equal(readValue("GREATER_THAN", "1.5"), 1.5);
});

test("what a text is looked through for stays as it was typed", () => {
  assert.equal(readValue("CONTAINS", "42"), "42");
  assert.equal(readValue("NOT_CONTAINS", ' "a" '), ' "a" ');
});

test("a list is parted by commas, but for those within quotes", () => {
  assert.deepEqual(readValue("IN", 'pro, 42, "a, b",,true'), ["pro", 42, "a, b", true]);
  assert.deepEqual(readValue("NOT_IN", ""), []);
});

test("a value is shown as it has to be typed", () => {
  const values: [string, unknown][] = [
    ["EQUALS", "pro"],
    ["EQUALS", "42"],
    ["EQUALS", 42],
    ["EQUALS", false],
    ["EQUALS", "a, b"],
    ["EQUALS", ' "quoted" '],
    ["CONTAINS", "true"],
    ["IN", ["pro", "a, b", 'x"y', 1, true, "1"]],
  ];
  for (const [operator, value] of values) assert.deepEqual(readValue(operator, textOf(operator, value)), value);
});
