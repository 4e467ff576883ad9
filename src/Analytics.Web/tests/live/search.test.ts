import assert from "node:assert/strict";
import { test } from "node:test";
import { Problem } from "../../src/api/problem.ts";
import type { LogRecord } from "../../src/live/record.ts";
import { type LogPage, page, Search } from "../../src/live/search.ts";

const records = (from: number, count: number) =>
  Array.from({ length: count }, (_, at) => ({ eventId: `e-${from + at}` }) as LogRecord);

const call = { route: "/api/v1/events", address: "api/v1/events?limit=100" };

/** A log that answers with these pages, one after the other; notes what it was asked. */
function logOf(...pages: (LogPage | Problem)[]) {
  const asked: string[] = [];
  const search = new Search(
    call,
    () => {},
    async ({ address }) => {
      const answer = pages[asked.push(address) - 1];
      if (answer instanceof Problem) throw answer;
      return answer as LogPage;
    },
  );
  const ids = () => search.lines.map((line) => line.record.eventId);
  return { asked, search, ids };
}

const instant = (day: number) => `2026-11-${String(day).padStart(2, "0")}T00:00:00Z`;

test("the first page is one question, and says how far it looked", async () => {
  const { asked, search, ids } = logOf({ data: records(0, 3), nextCursor: "c1", scannedTo: instant(20) });
  await search.begin();
  assert.deepEqual(asked, [call.address]);
  assert.deepEqual(ids(), ["e-0", "e-1", "e-2"]);
  assert.deepEqual([search.scannedTo, search.hasMore, search.isShort], [instant(20), true, true]);
});

test("a search that is told to go on looks until it has found a page full, or the end", async () => {
  const { asked, search, ids } = logOf(
    { data: [], nextCursor: "c1", scannedTo: instant(20) },
    { data: records(0, 40), nextCursor: "c2", scannedTo: instant(15) },
    { data: [], nextCursor: "c3", scannedTo: instant(10) },
    { data: records(40, page), nextCursor: "c4", scannedTo: instant(5) },
    { data: records(140, 1), nextCursor: null, scannedTo: null },
  );
  await search.begin();
  await search.more();
  assert.deepEqual(
    asked.map((address) => address.replace(call.address, "")),
    ["", "&cursor=c1", "&cursor=c2", "&cursor=c3"],
  );
  assert.equal(ids().length, 140);
  assert.deepEqual([search.scannedTo, search.hasMore, search.isShort], [instant(5), true, false]);
  await search.more();
  assert.deepEqual(
    ids(),
    records(0, 141).map((record) => record.eventId),
  );
  assert.deepEqual([search.scannedTo, search.hasMore, search.isBusy], [null, false, false]);
});

test("a search that is stopped keeps what it found, and goes on from there", async () => {
  const { asked, search } = logOf(
    { data: [], nextCursor: "c1", scannedTo: instant(20) },
    { data: records(0, 1), nextCursor: "c2", scannedTo: instant(15) },
    { data: records(1, 1), nextCursor: null, scannedTo: null },
  );
  await search.begin();
  const going = search.more();
  assert.equal(search.isBusy, true);
  search.stop();
  await going;
  assert.deepEqual([search.lines.length, search.isBusy, search.scannedTo], [0, false, instant(20)]);
  await search.more();
  assert.equal(asked.at(-1), `${call.address}&cursor=c1`);
});

test("what is refused is told, and asked again when the reader wants", async () => {
  const refused = new Problem(400, "Bad Request", null, [], null, null);
  const { search, ids } = logOf(refused, { data: records(0, 1), nextCursor: null, scannedTo: null });
  await search.begin();
  assert.deepEqual([search.problem, search.isBegun, search.isBusy], [refused, false, false]);
  await search.more();
  assert.deepEqual([search.problem, ids()], [null, ["e-0"]]);
});
