import { equal } from "../assert.ts";
import fc from "fast-check";
import { NumbersById } from "../../lib/sqlite/numbers_by_id.ts";

const IDS = fc.oneof(
  fc.nat({ max: 5000 }),
  fc.integer({ min: 2 ** 25 - 2, max: 2 ** 25 + 2 }),
  fc.maxSafeNat(),
);

Deno.test("NumbersById keeps the last number of each id, until all are forgotten", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(IDS, fc.nat()), { maxLength: 30 }), IDS, (pairs, other) => {
      const numbers = new NumbersById();
      for (const [id, number] of pairs) numbers.set(id, number);
      const expected = new Map(pairs);
      for (const [id, number] of expected) equal(numbers.get(id), number);
      equal(numbers.has(other), expected.has(other));
      numbers.clear();
      for (const id of [other, ...expected.keys()]) equal(numbers.has(id), false);
    }),
    { seed: 8, numRuns: 50 },
  );
});
