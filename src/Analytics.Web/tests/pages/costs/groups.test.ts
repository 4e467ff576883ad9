import assert from "node:assert/strict";
import { test } from "node:test";
import { byPatch, groupsOf, hasRevenue, intoRow, partsOf } from "../../../src/pages/costs/groups.ts";

const slugs = (address: string) => groupsOf(new URLSearchParams(address)).map((group) => group.slug);

test("the address tells apart one thing or two, and customers when it says nothing", () => {
  assert.deepEqual(slugs(""), ["customer"]);
  assert.deepEqual(slugs("by=vendor"), ["vendor"]);
  assert.deepEqual(slugs("by=product&by=customer&by=model"), ["product", "customer"]);
  assert.deepEqual(slugs("by=product&by=product"), ["product"]);
  assert.deepEqual(slugs("by=nonsense"), ["customer"]);
  assert.deepEqual(byPatch(["customer"]), { by: null });
  assert.deepEqual(byPatch(["customer", "model"]), { by: ["customer", "model"] });
});

test("no revenue is known of vendors, models and categories, whether told apart or filtered", () => {
  const has = (address: string) => hasRevenue({ params: new URLSearchParams(address) });
  assert.equal(has(""), true);
  assert.equal(has("by=subscription&product=api"), true);
  assert.equal(has("by=customer&by=model"), false);
  assert.equal(has("vendor=openai"), false);
});

test("a row's key is a text of one group and a member each of two", () => {
  const [one, two] = [
    groupsOf(new URLSearchParams("by=product")),
    groupsOf(new URLSearchParams("by=product&by=model")),
  ];
  assert.deepEqual(partsOf("api", one), ["api"]);
  assert.deepEqual(partsOf(null, one), [null]);
  assert.deepEqual(partsOf({ product: "api", model: null }, two), ["api", null]);
});

test("going into a row filters by what it is and tells the next thing apart", () => {
  const into = (address: string, key: unknown) => intoRow(new URLSearchParams(address), key);
  assert.deepEqual(into("", "acme"), { customer: ["acme"], by: ["product"] });
  assert.deepEqual(into("by=product&customer=acme", "api"), { product: ["api"], by: ["category"] });
  assert.deepEqual(into("by=product&by=model", { product: "api", model: null }), { product: ["api"], by: null });
});
