import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Ring } from "../../src/live/ring.ts";

test("a ring shows what a list that forgets its oldest would", () => {
  const aStep = fc.oneof(fc.integer(), fc.tuple(fc.integer({ min: -5, max: 60 }), fc.integer({ min: -5, max: 60 })));
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), fc.array(aStep, { maxLength: 60 }), (size, steps) => {
      const ring = new Ring<number>(size);
      const all: number[] = [];
      for (const step of steps) {
        if (typeof step === "number") {
          ring.add(step);
          all.push(step);
          continue;
        }
        const [from, to] = step;
        const kept = all.map((item, at) => ({ item, at })).slice(-size);
        const wanted = kept.filter(({ at }) => at >= from && at < to).map(({ item }) => item);
        assert.deepEqual(ring.slice(from, to), wanted);
      }
      assert.equal(ring.count, all.length);
      assert.equal(ring.first, Math.max(0, all.length - size));
    }),
  );
});
