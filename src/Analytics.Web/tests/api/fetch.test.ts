import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { get } from "../../src/api/call.ts";
import { ask } from "../../src/api/fetch.ts";

const call = get("/api/workspaces", {});
const browsers = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = browsers;
});

/** The service answers so, each time it is asked. */
function answers(text: string, tag: string | null): void {
  globalThis.fetch = async () => new Response(text, tag === null ? {} : { headers: { ETag: tag } });
}

test("an answer with the tag of the last one is the last one", async () => {
  answers('{"data":[1]}', '"one"');
  const first = await ask(call);
  assert.deepEqual(first, { data: [1] });
  assert.equal(await ask(call, undefined, first), first);

  answers('{"data":[2]}', '"two"');
  const second = await ask(call, undefined, first);
  assert.deepEqual(second, { data: [2] });
  answers('{"data":[1]}', '"one"');
  assert.notEqual(await ask(call, undefined, second), second);
});

test("without a tag, or without a last answer, it is read", async () => {
  answers('{"data":[1]}', null);
  const first = await ask(call);
  answers('{"data":[2]}', null);
  assert.deepEqual(await ask(call, undefined, first), { data: [2] });
  answers('{"data":[3]}', '"one"');
  assert.deepEqual(await ask(call, undefined, first), { data: [3] });
});
