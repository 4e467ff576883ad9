import assert from "node:assert/strict";
import { test } from "node:test";
import { bodyOf, metadataFault } from "../../../src/pages/customers/body.ts";

test("a change names what differs, and nothing else", () => {
  const before = { name: "Acme", email: null, external_id: "acme" };
  assert.equal(bodyOf({ name: "Acme", email: null, external_id: "acme" }, before, null), "{}");
  assert.equal(bodyOf({ name: "Acme Inc.", email: null }, before, null), '{"name":"Acme Inc."}');
  assert.equal(bodyOf({ name: null, email: "a@b.example" }, before, null), '{"name":null,"email":"a@b.example"}');
});

test("a new customer has what was typed", () => {
  assert.equal(
    bodyOf({ name: 'A "b"', email: null, external_id: "a" }, {}, null),
    '{"name":"A \\"b\\"","external_id":"a"}',
  );
});

test("metadata keeps the digits that were typed", () => {
  assert.equal(bodyOf({}, {}, '{"n": 9007199254740993}'), '{"metadata":{"n": 9007199254740993}}');
  assert.equal(bodyOf({ name: "a" }, {}, "null"), '{"name":"a","metadata":null}');
});

test("metadata is a JSON object, or nothing", () => {
  assert.equal(metadataFault(""), null);
  assert.equal(metadataFault('{"a": 1}'), null);
  assert.equal(metadataFault("[1]"), "Metadata is a JSON object.");
  assert.equal(metadataFault("null"), "Metadata is a JSON object.");
  assert.match(metadataFault("{a}") ?? "", /^This is no JSON: /);
});
