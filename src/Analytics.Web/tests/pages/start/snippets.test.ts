import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { snippets } from "../../../src/pages/start/snippets.ts";

const workspaceId = "01a2235d-95ab-7af6-b10a-17d46e772ac0";
const key = "ak_1b4h1dfr_pEQ0Re42eNkeGxe5vsnyV7x0LCZYyTkWm3bUoXsa";

const textOf = (slug: string, root: string, withKey: string | null) =>
  snippets.find((each) => each.slug === slug)?.text({ root, workspaceId, key: withKey }) ?? "";

/** What the lines of a snippet, run as they stand, send. */
async function sent(run: (root: string) => [string, string[]]) {
  let got: { path?: string | undefined; key?: string | undefined; body: unknown } = { body: null };
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const piece of request) body += piece;
    got = { path: request.url, key: request.headers.authorization, body: JSON.parse(body) };
    response.writeHead(200, { "Content-Type": "application/json" }).end('{"inserted":1}');
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const [command, given] = run(`http://127.0.0.1:${(server.address() as AddressInfo).port}/analytics/`);
  const child = spawn(command, given, { env: { ...process.env, ANALYTICS_KEY: key } });
  const code = await new Promise((done) => child.on("close", done));
  server.close();
  server.closeAllConnections();
  assert.equal(code, 0);
  return got;
}

const wanted = {
  path: "/analytics/api/events/ingest",
  key: `Bearer ${key}`,
  body: {
    workspace_id: workspaceId,
    events: [{ name: "order.placed", external_customer_id: "acme", metadata: { product: "apollo", pieces: 3 } }],
  },
};

for (const withKey of [key, null]) {
  const how = withKey ? "with the key in it" : "with the key in the environment";

  test(`the curl lines send the first event as they stand, ${how}`, async () => {
    assert.deepEqual(await sent((root) => ["bash", ["-c", textOf("curl", root, withKey)]]), wanted);
  });

  test(`the TypeScript lines send the first event as they stand, ${how}`, async () => {
    const run = (root: string): [string, string[]] => [
      process.execPath,
      ["--input-type=module", "-e", textOf("typescript", root, withKey)],
    ];
    assert.deepEqual(await sent(run), wanted);
  });
}

test("the C# lines send the same", () => {
  const text = textOf("csharp", "https://example.com/", null);
  const body = text.slice(text.indexOf('"""') + 3, text.lastIndexOf('"""'));
  assert.deepEqual(JSON.parse(body), wanted.body);
  assert.ok(text.includes('new Uri("https://example.com/")') && text.includes('"api/events/ingest"'));
});
