import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Exact, jsonText } from "../../src/api/exact.ts";

test("what is written as JSON is what was read", () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      assert.deepEqual(JSON.parse(jsonText(value)), JSON.parse(JSON.stringify(value)));
    }),
  );
});

test("it is written over lines, empty things in one", () => {
  assert.equal(jsonText({ a: [1, "x"], b: {}, c: [] }), '{\n  "a": [\n    1,\n    "x"\n  ],\n  "b": {},\n  "c": []\n}');
});

test("digits beyond a double stay", () => {
  const metadata = { big: new Exact(9007199254740992, "9007199254740993"), list: [new Exact(1.1, "1.10")] };
  assert.equal(jsonText(metadata), '{\n  "big": 9007199254740993,\n  "list": [\n    1.10\n  ]\n}');
});
