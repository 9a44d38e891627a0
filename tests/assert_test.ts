import { deepEqual, equal, notDeepEqual, notEqual, throws } from "./assert.ts";

const LOOSELY_EQUAL: readonly (readonly [unknown, unknown])[] = [
  [1, "1"],
  [1, 1n],
  [0, -0],
  [null, undefined],
  [{ a: 1 }, { a: "1" }],
  [[1n], [1]],
  [Object.create(null), {}],
];

Deno.test("equal and deepEqual tell apart what is only loosely equal", () => {
  for (const [a, b] of LOOSELY_EQUAL) {
    throws(() => equal(a, b));
    throws(() => deepEqual(a, b));
    notEqual(a, b);
    notDeepEqual(a, b);
  }
});
