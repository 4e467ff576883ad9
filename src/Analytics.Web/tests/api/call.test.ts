import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import fc from "fast-check";
import { csvOf, curlOf, get, post, urlOf, withQuery } from "../../src/api/call.ts";

const aText = fc.string({ unit: "grapheme", maxLength: 24 });
// What a browser takes for a step in a path can be in none.
const anId = aText.filter((text) => text !== "" && text !== "." && text !== "..");
const nasty = [
  "it's",
  "''",
  "$(reboot)",
  "`id`",
  "a\nb",
  "!!",
  "\\",
  "\\'",
  "#",
  "%27",
  "a b",
  "&x=1",
  "ü€😀",
  "--help",
  "*",
  "~",
];

/** What curl would be given by a real shell. */
function argumentsOf(shell: string, commands: string[]): string[][] {
  const script = `curl() { printf '%s\\0' "$@"; printf '\\001'; }\n${commands.join("\n")}\n`;
  const { stdout, stderr } = spawnSync(shell, ["-s"], {
    input: script,
    env: { ...process.env, ANALYTICS_KEY: "ak_x y'z" },
  });
  assert.equal(stderr.toString(), "");
  return stdout
    .toString()
    .split("\u0001")
    .slice(0, -1)
    .map((one) => one.split("\0").slice(0, -1));
}

const callOf = (id: string, q: string) =>
  withQuery(get("/api/requests/customers/{customerId}/report", { at: { customerId: id }, query: {} }), [
    ["metadata[plan]", q],
  ]);

test("the copied command gives curl exactly the address and the key, in any shell", () => {
  const calls = [
    ...nasty.map((text) => callOf(text, text)),
    ...fc.sample(fc.tuple(anId, aText), 200).map(([id, q]) => callOf(id, q)),
  ];
  for (const shell of ["sh", "bash"])
    assert.deepEqual(
      argumentsOf(shell, calls.map(curlOf)),
      calls.map((call) => ["-H", "Authorization: Bearer ak_x y'z", urlOf(call)]),
    );
});

test("what is posted goes along with the copied command, in any shell", () => {
  const calls = nasty.map((table) =>
    post("/api/apps/{id}/stats/tables/{table}/preview", {
      at: { id: "acme:web", table },
      body: { limit: 25, offset: 0 },
    }),
  );
  for (const shell of ["sh", "bash"])
    assert.deepEqual(
      argumentsOf(shell, calls.map(curlOf)),
      calls.map((call) => [
        ...["-H", "Authorization: Bearer ak_x y'z", "-H", "Content-Type: application/json"],
        ...["-d", '{"limit":25,"offset":0}', urlOf(call)],
      ]),
    );
});

test("an id comes to the service as it stands", () => {
  fc.assert(
    fc.property(anId, aText, (id, q) => {
      const url = new URL(urlOf(callOf(id, q)));
      const segments = url.pathname.split("/");
      assert.equal(segments.length, 6);
      assert.equal(decodeURIComponent(segments[4] as string), id);
      assert.equal(url.searchParams.get("metadata[plan]"), q);
    }),
  );
});

test("what is not asked for is left out, lists are repeated, zero is a value", () => {
  const call = get("/api/events", { query: { name: ["a", "b&c"], limit: 0, cursor: null, q: undefined } });
  assert.equal(call.address, "api/events?name=a&name=b%26c&limit=0");
  assert.equal(get("/api/events", { query: {} }).address, "api/events");
  assert.equal(withQuery(call, []), call);
});

test("the CSV is the same call's", () => {
  assert.equal(
    csvOf(get("/api/events", { query: { limit: 5 } })),
    "http://localhost:8080/api/events?limit=5&format=csv",
  );
  assert.equal(csvOf(get("/api/events", { query: {} })), "http://localhost:8080/api/events?format=csv");
});
