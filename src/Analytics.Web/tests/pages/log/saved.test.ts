import assert from "node:assert/strict";
import { test } from "node:test";
import { readSaved, renamed, withoutSaved, withSaved } from "../../../src/pages/log/saved.ts";

const errors = { name: "Errors", search: "severity=ERROR&period=7d" };
const acme = { name: "Acme", search: "actor=key-acme" };

test("saved filters stand in the order of their names, and one of a name replaces the other", () => {
  const list = withSaved(withSaved([], errors), acme);
  assert.deepEqual(list, [acme, errors]);
  assert.deepEqual(withSaved(list, { ...acme, search: "" }), [{ name: "Acme", search: "" }, errors]);
});

test("one that is renamed keeps what it asks for, and takes the place of whoever had the name", () => {
  assert.deepEqual(renamed([acme, errors], "Acme", "Zoo"), [errors, { ...acme, name: "Zoo" }]);
  assert.deepEqual(renamed([acme, errors], "Acme", "Errors"), [{ ...acme, name: "Errors" }]);
  assert.deepEqual(renamed([acme, errors], "Acme", "Acme"), [acme, errors]);
  assert.deepEqual(renamed([acme], "Nobody", "Zoo"), [acme]);
});

test("one that is deleted is gone", () => {
  assert.deepEqual(withoutSaved([acme, errors], "Acme"), [errors]);
});

test("what the browser kept is read back, and whatever else stands there is nothing", () => {
  assert.deepEqual(readSaved(JSON.stringify([acme, errors])), [acme, errors]);
  for (const text of [null, "", "{", "null", "7", '{"name":"a"}']) assert.deepEqual(readSaved(text), [], String(text));
  assert.deepEqual(readSaved('[null,7,{"name":1,"search":"a"},{"name":"Acme","search":"actor=key-acme","more":1}]'), [
    acme,
  ]);
});
