import assert from "node:assert/strict";
import { test } from "node:test";
import { parseExact } from "../../../src/api/exact.ts";
import { cellText } from "../../../src/pages/apps/one/cellText.ts";

test("texts stand as they are, and what is blank in quotes", () => {
  assert.equal(cellText("<b>1</b>"), "<b>1</b>");
  assert.equal(cellText(""), '""');
  assert.equal(cellText(" \n"), String.raw`" \n"`);
});

test("numbers keep their digits, and JSON is one line", () => {
  const value = parseExact('[12345678901234567890, 1.10, {"a":"x\\n y","b":[]}]') as unknown[];
  assert.equal(cellText(value[0]), "12345678901234567890");
  assert.equal(cellText(value[1]), "1.10");
  assert.equal(cellText(value[2]), String.raw`{"a": "x\n y", "b": []}`);
  assert.equal(cellText(false), "false");
});

test("what is long is cut, and says so", () => {
  assert.equal(cellText("x".repeat(48)), "x".repeat(48));
  assert.equal(cellText("x".repeat(49)), `${"x".repeat(47)}…`);
});
