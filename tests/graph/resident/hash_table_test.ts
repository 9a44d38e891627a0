import { deepEqual, equal, ok } from "../../assert.ts";
import fc from "fast-check";
import { HashTable } from "../../../lib/graph/resident/hash_table.ts";
import { digits } from "../../digits.ts";

const HASHES = fc.oneof(
  fc.array(fc.constantFrom(..."0123456789abcdef"), { minLength: 64, maxLength: 64 })
    .map((digits) => digits.join("")),
  fc.string(),
  fc.constantFrom("", "#", "f".repeat(64), "F".repeat(64), "f".repeat(63) + "g", "0".repeat(64)),
);

Deno.test("HashTable numbers strings in the order in which they come, and finds them", () => {
  fc.assert(
    fc.property(fc.array(HASHES, { maxLength: 60 }), HASHES, (hashes, other) => {
      const table = new HashTable();
      const distinct = [...new Set(hashes)];
      const numbers = hashes.map((hash) => table.add(hash));
      deepEqual(numbers, hashes.map((hash) => distinct.indexOf(hash)));
      equal(table.size, distinct.length);
      deepEqual(distinct.map((_, number) => table.hash(number)), distinct);
      deepEqual(distinct.map((hash) => table.find(hash)), distinct.map((_, number) => number));
      equal(table.find(other), distinct.includes(other) ? distinct.indexOf(other) : undefined);
    }),
    { seed: 5 },
  );
});

Deno.test("HashTable takes the bytes of a hash for the hash", () => {
  const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 });
  fc.assert(
    fc.property(fc.array(bytes, { maxLength: 60 }), bytes, (hashes, other) => {
      const [table, byDigits] = [new HashTable(), new HashTable()];
      deepEqual(
        hashes.map((hash) => table.add(hash)),
        hashes.map((hash) => byDigits.add(digits(hash))),
      );
      for (const hash of hashes) equal(table.hash(table.find(digits(hash))!), digits(hash));
      equal(table.find(digits(other)), byDigits.find(digits(other)));
    }),
    { seed: 7 },
  );
});

Deno.test("HashTable compares as the strings do", () => {
  fc.assert(
    fc.property(HASHES, HASHES, (first, second) => {
      fc.pre(first !== second);
      const table = new HashTable();
      const [a, b] = [table.add(first), table.add(second)];
      equal(table.compare(a, b) < 0, first < second);
      equal(table.compare(b, a) < 0, second < first);
    }),
    { seed: 6 },
  );
});

Deno.test("HashTable grows to many hashes in a few bytes each", () => {
  const table = new HashTable();
  const hash = (number: number) => number.toString(16).padStart(64, "0");
  for (let number = 0; number < 100_000; number++) equal(table.add(hash(number)), number);
  for (let number = 0; number < 100_000; number += 99) equal(table.find(hash(number)), number);
  ok(table.bytes < 100_000 * 64, String(table.bytes));
});
