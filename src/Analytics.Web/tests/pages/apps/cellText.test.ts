import assert from "node:assert/strict";
import { test } from "node:test";
import { Exact } from "../../../src/api/exact.ts";
import { cellText } from "../../../src/pages/apps/one/cellText.ts";

test("texts stand as they are, and what is blank in quotes", () => {
  assert.equal(cellText("<b>1</b>"), "<b>1</b>");
  assert.equal(cellText(""), '""');
  assert.equal(cellText(" \n"), String.raw`" \n"`);
});

test("numbers keep their digits, and JSON is one line", () => {
  assert.equal(cellText(new Exact(1.1, "1.10")), "1.10");
  assert.equal(cellText({ big: new Exact(2 ** 53, "9007199254740993") }), '{"big": 9007199254740993}');
  assert.equal(cellText({ a: "x\n y", b: [] }), String.raw`{"a": "x\n y", "b": []}`);
  assert.equal(cellText(false), "false");
});

test("what is long is cut, and says so", () => {
  assert.equal(cellText("x".repeat(48)), "x".repeat(48));
  assert.equal(cellText("x".repeat(49)), `${"x".repeat(47)}…`);
});
