import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { after, test } from "node:test";
import { isSessionOver } from "../../src/api/fetch.ts";
import { Stream, type StreamState } from "../../src/live/stream.ts";

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

const closers: (() => void)[] = [];
after(() => {
  for (const close of closers) close();
});

/** A service that answers each time the stream is opened as the next of these says. */
async function serve(...answers: Answer[]) {
  const asked: (string | null)[] = [];
  const server = createServer((request, response) => {
    asked.push(new URL(request.url ?? "", "http://local").searchParams.get("last_event_id"));
    (answers[asked.length - 1] ?? ((gone) => gone.destroy()))(response, request);
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { asked, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/stream` };
}

const head = (id: string) => `retry: 3000\nid: ${id}\n\n`;
const message = (id: number) => `id: ${id}\ndata: ${id}\n\n`;

function open(response: ServerResponse, ...pieces: string[]) {
  response.writeHead(200, { "Content-Type": "text/event-stream" });
  for (const piece of pieces) response.write(piece);
}

/** Follows a stream until it has come to a state, or to so many data. */
function follow(address: string) {
  const data: string[] = [];
  const missed: string[] = [];
  const resets: number[] = [];
  const stream = new Stream(address, {
    onData: (each, isMissed) => {
      data.push(each);
      if (isMissed) missed.push(each);
    },
    onReset: () => resets.push(data.length),
  });
  closers.push(() => stream.close());
  const until = (isThere: (state: StreamState) => boolean) =>
    new Promise<void>((done) => {
      const look = setInterval(() => {
        if (!isThere(stream.state.peek())) return;
        clearInterval(look);
        done();
      }, 5);
    });
  return { stream, data, missed, resets, until };
}

test("a stream that is cut off goes on by id: nothing is lost and nothing comes twice", async () => {
  const { address, asked } = await serve(
    (response) => {
      open(response, head("0"), message(1), message(2), "id: 3\nda");
      setTimeout(() => response.destroy(), 20);
    },
    (response) => open(response, head("2"), message(3), message(4)),
  );
  const { data, until } = follow(address);
  await until(() => data.length === 4);
  assert.deepEqual(data, ["1", "2", "3", "4"]);
  assert.deepEqual(asked, [null, "2"]);
});

test("cut off before its first message it goes on from where it stood", async () => {
  const { address, asked } = await serve(
    (response) => {
      open(response, head("start"));
      setTimeout(() => response.destroy(), 20);
    },
    (response) => open(response, head("start"), message(1)),
  );
  const { data, until } = follow(address);
  await until(() => data.length === 1);
  assert.deepEqual(asked, [null, "start"]);
});

test("what was missed is told from what comes live", async () => {
  const { address } = await serve(
    (response) => {
      open(response, head("0"), message(1));
      setTimeout(() => response.destroy(), 20);
    },
    (response) => open(response, head("1"), message(2), message(3), "id: 3\n\n", message(4)),
  );
  const { data, missed, until } = follow(address);
  await until(() => data.length === 4);
  assert.deepEqual(missed, ["2", "3"]);
});

test("what was not kept is told where it is missing", async () => {
  const { address } = await serve((response) =>
    open(response, head("9"), "event: reset\nid: 9\ndata: {}\n\n", message(10)),
  );
  const { data, resets, until } = follow(address);
  await until(() => data.length === 1);
  assert.deepEqual([resets, data], [[0], ["10"]]);
});

test("a session that is over ends it, and signing in again goes on", async () => {
  const refuse: Answer = (response) => response.writeHead(401).end("{}");
  const { address, asked } = await serve(refuse, (response) => open(response, head("0"), message(1)));
  const { data, until } = follow(address);
  await until((state) => state.is === "over");
  assert.equal(isSessionOver.value, true);
  assert.equal(asked.length, 1);
  isSessionOver.value = false;
  await until(() => data.length === 1);
});

test("who is refused for good is told why and does not ask again", async () => {
  const body = JSON.stringify({ title: "Not Found", status: 404, request_id: "r-1" });
  const { address, asked } = await serve((response) =>
    response.writeHead(404, { "Content-Type": "application/problem+json" }).end(body),
  );
  const { stream, until } = follow(address);
  await until((state) => state.is === "refused");
  const state = stream.state.peek();
  assert.equal(state.is === "refused" && state.problem.requestId, "r-1");
  await new Promise((go) => setTimeout(go, 700));
  assert.equal(asked.length, 1);
});

test("a service that asks to wait is not asked before", async () => {
  const { address, asked } = await serve(
    (response) => response.writeHead(503, { "Retry-After": "1" }).end("{}"),
    (response) => open(response, head("0"), message(1)),
  );
  const from = Date.now();
  const { data, until } = follow(address);
  await until((state) => state.is === "away");
  await until(() => data.length === 1);
  assert.ok(Date.now() - from >= 750, `${Date.now() - from} ms`);
  assert.equal(asked.length, 2);
});

test("a hidden tab lets go, and goes on by id when it is shown", async () => {
  let isLetGo = false;
  const { address, asked } = await serve(
    (response) => {
      open(response, head("0"), message(1));
      response.on("close", () => {
        isLetGo = true;
      });
    },
    (response) => open(response, head("1"), message(2)),
  );
  const { data, until } = follow(address);
  await until(() => data.length === 1);
  const show = (isHidden: boolean) => {
    Object.assign(document, { hidden: isHidden });
    document.dispatchEvent(new Event("visibilitychange"));
  };
  show(true);
  await until((state) => state.is === "hidden" && isLetGo);
  show(false);
  await until(() => data.length === 2);
  assert.deepEqual(asked, [null, "1"]);
});
