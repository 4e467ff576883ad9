import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Filters, type Patch, patched, readFilters } from "../../src/address/filters.ts";
import { intervals, periods } from "../../src/address/period.ts";

const aText = fc.string({ unit: "binary", minLength: 1, maxLength: 20 });
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });

const aFilter: fc.Arbitrary<Filters> = fc.record(
  {
    period: fc.constantFrom(...periods.map((period) => period.slug)),
    from: fc.constant(null),
    to: fc.constant(null),
    interval: maybe(fc.constantFrom(...intervals)),
    tz: maybe(aText),
    compare: maybe(fc.constantFrom("previous" as const, "year" as const)),
    isComplete: fc.boolean(),
    customer: fc.array(aText, { maxLength: 3 }),
    share: fc.array(aText, { maxLength: 3 }),
    source: maybe(aText),
    name: fc.array(aText, { maxLength: 3 }),
    endpoint: maybe(aText),
    meta: fc.uniqueArray(fc.tuple(aText, aText), { maxLength: 3, selector: ([path]) => path }),
  },
  { noNullPrototype: true },
);

const patchOf = ({ isComplete, meta, ...filters }: Filters): Patch => ({
  ...filters,
  complete: isComplete ? "1" : null,
  ...Object.fromEntries(meta.map(([path, value]) => [`meta.${path}`, value])),
});

test("filters go into the address and come back, whatever text they hold", () => {
  fc.assert(
    fc.property(aFilter, (filters) => {
      const address = patched(new URLSearchParams(), patchOf(filters)).toString();
      assert.deepEqual(readFilters(new URLSearchParams(address)), filters);
    }),
  );
});

test("a change leaves what it does not name", () => {
  fc.assert(
    fc.property(aFilter, aText, (filters, text) => {
      const params = patched(new URLSearchParams(), patchOf(filters));
      const before = params.toString();
      const next = patched(params, { endpoint: text, name: undefined });
      assert.deepEqual(readFilters(next), { ...filters, endpoint: text });
      assert.equal(params.toString(), before);
    }),
  );
});

test("what the address has of no known kind counts as not being there", () => {
  const filters = readFilters(
    new URLSearchParams("period=fortnight&interval=second&compare=never&complete=yes&from=2026-01-01"),
  );
  assert.deepEqual(filters, readFilters(new URLSearchParams("from=2026-01-01")));
  assert.deepEqual([filters.period, filters.interval, filters.compare, filters.isComplete], ["30d", null, null, false]);
});

test("a named period wins over dates", () => {
  const filters = readFilters(new URLSearchParams("period=7d&from=2026-01-01&to=2026-01-02"));
  assert.deepEqual([filters.period, filters.from, filters.to], ["7d", null, null]);
});
