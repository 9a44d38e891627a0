import { deepEqual, doesNotMatch, equal, match, ok, throws } from "../assert.ts";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { BSON, type Document } from "mongodb";
import { findRepeatedName, fromBson, readId, splitBinary, toBson } from "../../lib/mongo/bson.ts";
import { bsonSize } from "../../lib/tahoe/bson.ts";
import type { Fields, Value } from "../../lib/tahoe/value.ts";

function toHex(value: Value): string {
  return Buffer.from(BSON.serialize(toBson({ v: value }))).toString("hex");
}

/** Bytes of `{v: …}` after the length: type, "v\0", value, end. By hand, from bsonspec.org. */
const ENCODINGS: readonly [Value, string][] = [
  [null, "0a 7600 00"],
  [true, "08 7600 01 00"],
  [false, "08 7600 00 00"],
  [0n, "10 7600 00000000 00"],
  [1n, "10 7600 01000000 00"],
  [-1n, "10 7600 ffffffff 00"],
  [2n ** 31n - 1n, "10 7600 ffffff7f 00"],
  [2n ** 31n, "12 7600 0000008000000000 00"],
  [-(2n ** 31n), "10 7600 00000080 00"],
  [-(2n ** 31n) - 1n, "12 7600 ffffff7fffffffff 00"],
  [2n ** 63n - 1n, "12 7600 ffffffffffffff7f 00"],
  [-(2n ** 63n), "12 7600 0000000000000080 00"],
  [0, "01 7600 0000000000000000 00"],
  [-0, "01 7600 0000000000000080 00"],
  [1, "01 7600 000000000000f03f 00"],
  [Infinity, "01 7600 000000000000f07f 00"],
  ["", "02 7600 01000000 00 00"],
  ["é\0", "02 7600 04000000 c3a90000 00"],
  [{}, "03 7600 05000000 00 00"],
  [{ $a: null }, "03 7600 09000000 0a 246100 00 00"],
  [[], "04 7600 05000000 00 00"],
  [[null, true], "04 7600 0c000000 0a 3000 08 3100 01 00 00"],
  [{ _bsontype: "Long" }, "03 7600 19000000 02 5f62736f6e7479706500 05000000 4c6f6e6700 00 00"],
];

for (const [value, wanted] of ENCODINGS) {
  const hex = wanted.replaceAll(" ", "");
  Deno.test(`toBson writes ${Deno.inspect(value)} as ${wanted}`, () => {
    equal(toHex(value).slice(8), hex);
    const length = Buffer.alloc(4);
    length.writeInt32LE(4 + hex.length / 2);
    deepEqual(fromBson(Buffer.concat([length, Buffer.from(hex, "hex")])), { v: value });
  });
}

const REFUSED: readonly [string, Value, RegExp][] = [
  ["an unsigned 64-bit integer", 2n ** 63n, /integer/],
  ["an integer just below int64", -(2n ** 63n) - 1n, /integer/],
  ["a lone surrogate", ["a\ud800"], /surrogate/],
  ["a lone surrogate in a key", { "\udc00": 1n }, /surrogate/],
  ["NUL in a key", { "secret\0": "secret" }, /NUL/],
];

for (const [what, value, message] of REFUSED) {
  Deno.test(`toBson refuses ${what} without quoting it`, () => {
    throws(() => toBson({ v: [{ a: value }] }), (error: Error) => {
      ok(error instanceof RangeError);
      match(error.message, message);
      doesNotMatch(error.message, /secret|\d{3,}/);
      return true;
    });
  });
}

function anyFields(): fc.Arbitrary<Fields> {
  const text = fc.string({ unit: "binary" });
  const key = fc.oneof(
    text.map((each) => each.replaceAll("\0", "")),
    fc.constantFrom("__proto__", "", "$ref", "$id", "a.b", "_bsontype", "toBSON", "length"),
  );
  const { fields } = fc.letrec<{ value: Value; fields: Fields }>((tie) => ({
    fields: fc.array(fc.tuple(key, tie("value")), { maxLength: 6 }).map(Object.fromEntries),
    value: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom(null, true, false),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.bigInt({ min: -(2n ** 33n), max: 2n ** 33n }),
      fc.double(),
      text,
      fc.array(tie("value"), { maxLength: 12 }),
      tie("fields"),
    ),
  }));
  return fields;
}

Deno.test("fromBson reverses toBson, and bsonSize is the length of the bytes", () => {
  fc.assert(fc.property(anyFields(), (fields) => {
    const bytes = BSON.serialize(toBson(fields));
    equal(bsonSize(fields), bytes.length);
    deepEqual(fromBson(bytes), fields);
  }));
});

Deno.test("bsonSize counts every digit of array indices", () => {
  for (const length of [9, 10, 11, 99, 100, 101, 1001]) {
    const fields = { v: Array<Value>(length).fill(null) };
    equal(bsonSize(fields), BSON.serialize(toBson(fields)).length);
  }
});

const id = new BSON.ObjectId("0123456789abcdef01234567");

const FOREIGN: readonly [unknown, Value][] = [
  [id, { $oid: "0123456789abcdef01234567" }],
  [new Date(0), { $date: { $numberLong: "0" } }],
  [new BSON.Binary(new Uint8Array([1, 2])), { $binary: { base64: "AQI=", subType: "00" } }],
  [new BSON.Decimal128("1.10"), { $numberDecimal: "1.10" }],
  [new BSON.BSONRegExp("a", "i"), { $regularExpression: { pattern: "a", options: "i" } }],
  [new BSON.MinKey(), { $minKey: 1 }],
];

for (const [value, wanted] of FOREIGN) {
  Deno.test(`fromBson reads a type that JSON lacks as ${JSON.stringify(wanted)}`, () => {
    const document = { a: new BSON.Int32(1), v: value, list: [value], b: "x" };
    const read = fromBson(BSON.serialize(document));
    deepEqual(read, { a: 1n, v: wanted, list: [wanted], b: "x" });
  });
}

/** A document with one value, given by its type and its bytes, which the driver could not write. */
function documentWith(type: number, content: readonly number[]): Uint8Array {
  return new Uint8Array([8 + content.length, 0, 0, 0, type, 0x61, 0, ...content, 0]);
}

const DAMAGED: readonly [string, Uint8Array, Value][] = [
  ["undefined", documentWith(0x06, []), { $undefined: true }],
  ["a string that is not UTF-8", documentWith(0x02, [2, 0, 0, 0, 0xff, 0]), "\u{fffd}"],
  [
    "old binary data of a wrong length",
    documentWith(0x05, [4, 0, 0, 0, 2, 9, 9, 9, 9]),
    { $unreadable: 5n },
  ],
  [
    "a regular expression with unknown options",
    documentWith(0x0b, [0x28, 0, 0x7a, 0]),
    { $unreadable: 11n },
  ],
  ["a symbol that is not UTF-8", documentWith(0x0e, [2, 0, 0, 0, 0xff, 0]), {
    $symbol: "\u{fffd}",
  }],
];

for (const [what, bytes, wanted] of DAMAGED) {
  Deno.test(`fromBson reads ${what}`, () => deepEqual(fromBson(bytes), { a: wanted }));
}

Deno.test("splitBinary reads binary data of every kind, and nothing else", () => {
  const data = new Uint8Array([1, 2, 3]);
  for (const kind of [0, 2, 4, 0x80]) {
    const bytes = BSON.serialize({ n: 1, data: new BSON.Binary(data, kind) });
    const split = splitBinary(bytes, "data");
    deepEqual(new Uint8Array(split.data ?? []), data);
    deepEqual(split.rest, { n: 1n });
  }
  equal(splitBinary(BSON.serialize({ data: "text" }), "data").data, undefined);
  equal(splitBinary(documentWith(0x05, [4, 0, 0, 0, 2, 9, 9, 9, 9]), "a").data, undefined);
});

Deno.test("readId returns what the driver writes back as the same value, or undefined", () => {
  for (
    const _id of [id, "x", new BSON.Int32(1), new BSON.Double(1), null, { a: [1] }, new Date(0)]
  ) {
    const bytes = BSON.serialize({ a: 1, _id });
    deepEqual(BSON.serialize({ a: 1, _id: readId(bytes) }), bytes);
  }
  const pointer = documentWith(0x0c, [2, 0, 0, 0, 0x61, 0, ...Array(12).fill(1)]);
  equal(readId(BSON.serialize({ a: 1 })), undefined);
  const bytes = new Uint8Array([pointer.length + 2, ...pointer.slice(1, 5), 0x5f, 0x69, 0x64]);
  equal(readId(new Uint8Array([...bytes, ...pointer.slice(6)])), undefined);
});

/** A document in which one name was exchanged for another of the same length. */
function renamed(document: Document, from: string, to: string): Uint8Array {
  const bytes = Buffer.from(BSON.serialize(document));
  bytes.write(to, bytes.indexOf(`${from}\0`));
  return bytes;
}

Deno.test("fromBson and splitBinary read the first of several fields of one name", () => {
  const bytes = renamed({ claim: 1, clain: 2, n: { until: 3, untim: 4 } }, "clain", "claim");
  deepEqual(fromBson(bytes), { claim: 1n, n: { until: 3n, untim: 4n } });
  deepEqual(fromBson(renamed({ n: { until: 3, untim: 4 } }, "untim", "until")), {
    n: { until: 3n },
  });
  const data = new BSON.Binary(new Uint8Array([1]));
  const split = splitBinary(renamed({ data, datb: "x" }, "datb", "data"), "data");
  deepEqual(new Uint8Array(split.data ?? []), new Uint8Array([1]));
});

Deno.test("findRepeatedName names a field that is there more than once, at any depth", () => {
  equal(
    findRepeatedName(BSON.serialize({ a: { b: 1 }, b: 2, c: [{ b: 1 }, { b: 2 }] })),
    undefined,
  );
  equal(findRepeatedName(renamed({ data: 1, datb: 2 }, "datb", "data")), "data");
  equal(findRepeatedName(renamed({ a: { c: { on: 1, of: 2 } } }, "of", "on")), "a.c.on");
});
