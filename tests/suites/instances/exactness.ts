import { deepEqual } from "../../assert.ts";
import fc from "fast-check";
import type { Attribute, Raw } from "../../../lib/tahoe/instance.ts";
import type { Value } from "../../../lib/tahoe/value.ts";
import {
  assertSame,
  attribute,
  event,
  fields,
  hash,
  only,
  raw,
  readAll,
  type Test,
} from "./fixtures.ts";

/** Scalars at the limits of their types, and strings that are easily spoilt. */
const EDGE_CASES: readonly Attribute["data"][] = [
  null,
  true,
  false,
  "",
  "\0",
  "a\0b",
  "\u0085\u2028\ufeff",
  "\u{1F41D}\u{10FFFF}\ufffe\uffff",
  '"\\/\b\f\n\r\t',
  "1.0",
  "NaN",
  0n,
  1n,
  -1n,
  2n ** 31n - 1n,
  2n ** 31n,
  -(2n ** 31n) - 1n,
  2n ** 53n + 1n,
  -(2n ** 53n) - 1n,
  2n ** 63n - 1n,
  -(2n ** 63n),
  0,
  -0,
  1,
  -1,
  0.1,
  1.5,
  1e16,
  2 ** 53,
  2 ** 63,
  1e21,
  1e22,
  1e300,
  5e-324,
  -2.2250738585072014e-308,
  Number.MAX_VALUE,
  NaN,
  Infinity,
  -Infinity,
];

/** Values that a driver may mistake for something else. */
const SHAPES: readonly [string, Value][] = [
  ["an empty object", {}],
  ["an empty array", []],
  ["an object in an array", [{}, [[]], [{ a: [{}] }]]],
  ["a key that is empty", { "": { "": "" } }],
  ["keys with dots and dollars", { "a.b": 1n, $set: 2n, "$": 3n, ".": 4n, "a.$": { "$gt": 1 } }],
  ["keys like array indices", { "1": "b", "0": "a", "-1": "c" }],
  ["keys of Object's prototype", { constructor: 1n, toString: 2n, hasOwnProperty: null }],
  ["a key __proto__", fields(["__proto__", fields(["__proto__", 1n], ["a", 2n])])],
  ["a key toJSON", { toJSON: "x", toBSON: "y", valueOf: 1n }],
  ["a key _id", { _id: "x", _hash: "y", itype: "z" }],
  ["a key _bsontype", { _bsontype: "ObjectId", id: "x", inner: [{ _bsontype: "Long" }] }],
  ["an object that looks like a DBRef", { $ref: "collection", $id: "x", $db: "d" }],
  ["an object that looks like Extended JSON", {
    $numberLong: "1",
    $oid: "0".repeat(24),
    $date: 0n,
  }],
  ["keys that are not ASCII", { "ключ": 1n, "\u{1F41D}": 2n, "\ufeff": 3n, " ": 4n }],
  ["an object as deep as input may be", nested(60)],
  ["a long string", "\u{1F41D}x\n".repeat(100_000)],
];

function nested(depth: number): Value {
  return depth <= 0 ? -0 : { a: [nested(depth - 2)] };
}

export function exactnessTests(test: Test): void {
  test("put then get keeps scalars exactly, and tells 1 from 1.0", async ({ store }) => {
    const wanted = EDGE_CASES.map((data, i) => attribute(hash(i), data));
    await store.put(wanted);
    assertSame(await store.get(wanted.map((each) => each._hash)), wanted);
  });

  for (const [what, data] of SHAPES) {
    test(`put then get keeps ${what}`, async ({ store }) => {
      const wanted = raw(hash(1), { data });
      await store.put([wanted]);
      assertSame(await store.get([hash(1)]), [wanted]);
      await store.replace(hash(1), wanted);
      assertSame(await readAll(store), [wanted]);
    });
  }

  test("put then get returns any data as it was", async ({ store }) => {
    let count = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(anyValue(), { minLength: 1, maxLength: 5 }), async (values) => {
        const wanted = values.map((data) => raw(hash(count++), { data }));
        await store.put(wanted);
        assertSame(await store.get(wanted.map((each) => each._hash)), wanted);
      }),
      { numRuns: 100 },
    );
  });

  test("put then get keeps times as floating-point numbers", async ({ store }) => {
    const times = [0, -0, 1, 1_600_000_000, 1_600_000_000.123456, -1e-7, NaN, Infinity, -Infinity];
    const wanted = times.map((timestamp, i) => event(hash(i), [hash("aa")], { timestamp }));
    await store.put(wanted);
    assertSame(await store.get(wanted.map((each) => each._hash)), wanted);
    assertSame(await store.referrers(hash("aa")), wanted);
  });

  test("put then get keeps orgids exactly, whatever characters they contain", async ({ store }) => {
    const odd = ["", "a", "a\0", "a\0b", "A", "\u{1F41D}", '"', "0".repeat(64)];
    const wanted = odd.map((orgid, i) => event(hash(i), [hash("aa")], { orgid }));
    await store.put(wanted);
    assertSame(await store.referrers(hash("aa")), wanted);
    for (const each of wanted) await store.remove(each._hash);
    deepEqual(await store.referrers(hash("aa")), []);
  });

  test("get keeps the order of an array's items", async ({ store }) => {
    const data = [3n, 1n, 2n, [3n, 1n], 1n];
    await store.put([raw(hash(1), { data })]);
    deepEqual((await only<Raw>(store, hash(1))).data, data);
  });
}

/** Any value that BSON can hold exactly. */
function anyValue(): fc.Arbitrary<Value> {
  const text = fc.string({ unit: "binary" });
  const key = fc.oneof(
    text.map((each) => each.replaceAll("\0", "")),
    fc.constantFrom("", "__proto__", "$a", "a.b", "_bsontype", "$ref", "$id", "toBSON", "0"),
  );
  const { value } = fc.letrec<{ value: Value }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      fc.constantFrom(...EDGE_CASES),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.double(),
      text,
      fc.array(tie("value"), { maxLength: 5 }),
      fc.array(fc.tuple(key, tie("value")), { maxLength: 5 }).map((each) => fields(...each)),
    ),
  }));
  return value;
}
