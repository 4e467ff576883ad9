import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import fc from "fast-check";
import { digits, double, Exact, parseExact } from "../../src/api/exact.ts";

// Node 20 tells a reviver the source when asked to, later ones always; 18 does not, as old browsers: there doubles are all there is.
setFlagsFromString("--harmony-json-parse-with-source");
let isTold = false;
JSON.parse("1", (_key: string, _value: unknown, context?: { source?: string }) => {
  isTold = context?.source === "1";
});
const kept = (number: string) => (isTold ? number : String(Number(number)));

const aNumber = fc
  .tuple(
    fc.constantFrom("", "-"),
    fc.bigInt({ min: 0n, max: 10n ** 25n }),
    fc.option(fc.stringMatching(/^[0-9]{1,12}$/), { nil: null }),
  )
  .map(([sign, whole, part]) => sign + whole + (part === null ? "" : `.${part}`));

test("every number keeps the digits that it was sent with", () => {
  fc.assert(
    fc.property(fc.array(aNumber), (numbers) => {
      const parsed = parseExact(`{"rows":[${numbers.join(",")}]}`) as { rows: (number | Exact)[] };
      assert.deepEqual(parsed.rows.map(digits), numbers.map(kept));
      assert.deepEqual(parsed.rows.map(double), numbers.map(Number));
    }),
  );
});

test("a number that a double writes the same way is a plain one", () => {
  for (const plain of ["0", "12", "0.5", "-1", "0.000001", "100", "9007199254740991"])
    assert.equal(parseExact(plain), Number(plain));
  for (const more of ["9007199254740993", "1.10", "0.12345678901234567890", "-0", "1e3", "2.5E-3", "0.0000001", "-0.0"])
    assert.equal(digits(parseExact(more) as Exact), kept(more));
  assert.equal(parseExact('"0.1"'), "0.1");
});

test("an exact number reckons like its double", () => {
  const sum = new Exact(2 ** 53, "9007199254740993");
  assert.equal(Number(sum) + 1, 2 ** 53 + 1);
  assert.equal(`${sum}`, "9007199254740993");
  assert.equal(Number(sum) > 1, true);
});
