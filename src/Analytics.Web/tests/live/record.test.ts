import assert from "node:assert/strict";
import { test } from "node:test";
import { type LogFilter, type LogRecord, matches, severities } from "../../src/live/record.ts";
import { filterOf } from "../../src/pages/log/question.ts";

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

const all = filterOf(new URLSearchParams());
const passes = (filter: Partial<LogFilter>) => matches(record, { ...all, ...filter });

test("a text is looked for in the type and in every string of the payload, upper and lower case alike", () => {
  for (const q of ["placed", "ORDER.", "pro", "a_b%", "äPFEL"]) assert.ok(passes({ q: [q] }), q);
  // Numbers are no text, names of members neither, and % and _ mean themselves.
  for (const q of ["3", "nested", "a%b", "aXb%", "u-1"]) assert.ok(!passes({ q: [q] }), q);
  assert.ok(passes({ q: ["nothing", "pro"] }));
});

test("a severity means that one and above", () => {
  assert.deepEqual(
    severities.map((severity) => passes({ severity })),
    [true, true, false, false],
  );
});

test("ids, types and categories are compared exactly, any of each, and all of them count", () => {
  assert.ok(
    passes({
      type: ["order.Placed"],
      actor: ["u-1", "u-2"],
      targetType: ["order"],
      targetId: ["ord-7"],
      correlationId: ["c-1"],
      category: ["API", "BILLING"],
      q: ["pro"],
      severity: "WARN",
    }),
  );
  const others: Partial<LogFilter>[] = [
    { type: ["order.placed"] },
    { actor: ["u-"] },
    { targetType: ["orders"] },
    { targetId: ["ORD-7"] },
    { correlationId: ["c"] },
    { category: ["API"] },
  ];
  for (const filter of others) assert.ok(!passes({ targetId: ["ord-7"], ...filter }), JSON.stringify(filter));
});

test("the address asks in the API's own words, and what is empty asks for nothing", () => {
  const params = new URLSearchParams(
    "q=&type=a&type=b&severity=&category=API&actor=x&targetType=t&targetId=1&correlationId=c&period=7d",
  );
  assert.deepEqual(filterOf(params), {
    q: [],
    type: ["a", "b"],
    category: ["API"],
    severity: null,
    actor: ["x"],
    targetType: ["t"],
    targetId: ["1"],
    correlationId: ["c"],
  });
});
