import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Message, MessageReader } from "../../src/live/messages.ts";

const aLine = fc.string({ unit: "grapheme" }).filter((text) => !/[\r\n]/.test(text));
const aBlock = fc.record({
  id: fc.option(fc.stringMatching(/^[A-Za-z0-9_-]{1,8}$/), { nil: null }),
  event: fc.option(fc.constantFrom("reset", "notice"), { nil: null }),
  data: fc.array(aLine, { maxLength: 3 }),
  isPing: fc.boolean(),
});
type Block = (typeof aBlock extends fc.Arbitrary<infer T> ? T : never) & object;

const textOf = ({ id, event, data, isPing }: Block, end: string) =>
  [
    ...(isPing ? [": ping"] : []),
    ...(event ? [`event: ${event}`] : []),
    ...(id ? [`id: ${id}`] : []),
    ...data.map((line) => `data: ${line}`),
    "",
    "",
  ].join(end);

/** The text in pieces of these lengths. */
function cut(text: string, lengths: number[]): string[] {
  const pieces: string[] = [];
  let at = 0;
  for (const length of lengths) {
    pieces.push(text.slice(at, at + length));
    at += length;
  }
  return [...pieces, text.slice(at)];
}

test("a stream is read the same in whatever pieces and line ends it comes", () => {
  const someLengths = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 60 });
  fc.assert(
    fc.property(
      fc.array(aBlock, { maxLength: 12 }),
      fc.constantFrom("\n", "\r\n"),
      someLengths,
      (blocks, end, lengths) => {
        const reader = new MessageReader();
        const text = `retry: 3000${end}id: start${end}${end}${blocks.map((block) => textOf(block, end)).join("")}`;
        const messages = cut(text, lengths).flatMap((piece) => reader.read(piece));
        const wanted = blocks
          .filter((block) => block.data.length > 0 || block.id)
          .map(
            ({ event, data }): Message => ({ event: event ?? "message", data: data.length ? data.join("\n") : null }),
          );
        assert.deepEqual(messages, [{ event: "message", data: null }, ...wanted]);
        assert.equal(
          reader.lastId,
          blocks
            .map((block) => block.id)
            .filter(Boolean)
            .at(-1) ?? "start",
        );
        assert.equal(reader.retry, 3000);
      },
    ),
  );
});

test("an id whose message was cut off does not count: the message comes again", () => {
  const reader = new MessageReader();
  reader.read('id: one\ndata: {"n":1}\n\nid: two\ndata: {"n"');
  assert.equal(reader.lastId, "one");
  reader.reset();
  assert.deepEqual(reader.read('data: {"n":2}\n\n'), [{ event: "message", data: '{"n":2}' }]);
  assert.equal(reader.lastId, "one");
});

test("an id without data says where the stream is", () => {
  const reader = new MessageReader();
  assert.deepEqual(reader.read("retry: 3000\nid: AQG-LcQS\n\n: ping\n\n"), [{ event: "message", data: null }]);
  assert.equal(reader.lastId, "AQG-LcQS");
});
