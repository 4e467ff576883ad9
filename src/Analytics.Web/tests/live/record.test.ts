import assert from "node:assert/strict";
import { test } from "node:test";
import { type LogFilter, type LogRecord, matches } from "../../src/live/record.ts";

const record: LogRecord = {
  eventId: "01a22347-3940-7000-af0e-d118525e7240",
  eventType: "order.Placed",
  category: "BILLING",
  source: "user",
  severity: "WARN",
  actorType: "user",
  actorId: "u-1",
  targetType: "order",
  targetId: "ord-7",
  payload: { plan: "Pro", pieces: 3, nested: { list: ["a_b%", { deep: "Äpfel" }] } },
  correlationId: "c-1",
  createdAt: "2026-11-28T17:50:00Z",
};

const all: LogFilter = { q: null, category: null, severity: null, actor: null, target: null, correlation: null };
const passes = (filter: Partial<LogFilter>) => matches(record, { ...all, ...filter });

test("a text is looked for in the type and in every string of the payload, upper and lower case alike", () => {
  for (const q of ["placed", "ORDER.", "pro", "a_b%", "äPFEL"]) assert.ok(passes({ q }), q);
  // Numbers are no text, names of members neither, and % and _ mean themselves.
  for (const q of ["3", "nested", "a%b", "aXb%", "u-1"]) assert.ok(!passes({ q }), q);
});

test("a severity means that one and above", () => {
  assert.deepEqual(
    ["INFO", "WARN", "ERROR", "CRITICAL"].map((severity) => passes({ severity })),
    [true, true, false, false],
  );
});

test("actor, target, correlation and category are compared exactly, and all of them count", () => {
  assert.ok(
    passes({ actor: "u-1", target: "ord-7", correlation: "c-1", category: "BILLING", q: "pro", severity: "WARN" }),
  );
  for (const filter of [{ actor: "u-" }, { target: "ORD-7" }, { correlation: "c" }, { category: "API" }])
    assert.ok(!passes(filter), JSON.stringify(filter));
});
