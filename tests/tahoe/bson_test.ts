import { equal, throws } from "../assert.ts";
import { bsonSize } from "../../lib/tahoe/bson.ts";
import type { Value } from "../../lib/tahoe/value.ts";

Deno.test("bsonSize counts the bytes of a value in BSON", () => {
  const cases: [Value, number][] = [
    [null, 0],
    [true, 1],
    [2n ** 31n - 1n, 4],
    [2n ** 31n, 8],
    [-(2n ** 31n), 4],
    [-(2n ** 31n) - 1n, 8],
    [1, 8],
    ["", 5],
    ["é😀", 4 + 6 + 1],
    [[], 5],
    [[null, null], 5 + 2 * 3],
    [{ a: { b: "c" } }, 5 + 3 + (5 + 3 + 6)],
    [Array(10_002).fill(true), 5 + 10 * 4 + 90 * 5 + 900 * 6 + 9000 * 7 + 2 * 8],
  ];
  for (const [value, size] of cases) equal(bsonSize(value), size);
});

Deno.test("bsonSize rejects values that BSON cannot hold exactly", () => {
  bsonSize([2n ** 63n - 1n, -(2n ** 63n), "a\0b"]);
  for (const value of [2n ** 63n, -(2n ** 63n) - 1n, "\ud800", { "\ud800": 1n }, { "a\0": 1n }]) {
    throws(() => bsonSize([value]), RangeError);
  }
});
