import { bsonSize } from "../../lib/tahoe/bson.ts";
import { deepEqual, equal, throws } from "../assert.ts";
import fc from "fast-check";
import { parseJson, quote, writeFloat, writeJson } from "../../lib/tahoe/json.ts";
import type { Value } from "../../lib/tahoe/value.ts";
import { values } from "./arbitrary_value.ts";

Deno.test("parseJson keeps whole and floating-point numbers apart", () => {
  const cases: [string, Value][] = [
    ["1", 1n],
    ["1.0", 1],
    ["1e2", 100],
    ["-0", 0n],
    ["-0.0", -0],
    ["9007199254740993", 9007199254740993n],
    ["123456789012345678901234567890", 123456789012345678901234567890n],
    ["1e999", Infinity],
    ["NaN", NaN],
    ["-Infinity", -Infinity],
  ];
  for (const [text, value] of cases) equal(parseJson(text), value, text);
});

Deno.test("parseJson rejects what Python's json rejects", () => {
  const texts = [
    "",
    " ",
    "{",
    "[1,]",
    "{,}",
    '{"a":1,}',
    "{a:1}",
    "'a'",
    "01",
    "1.",
    ".5",
    "+1",
    "-",
    "-NaN",
    "nan",
    "tru",
    "1 2",
    '"\\x41"',
    '"\\u12g4"',
    '"\n"',
    '"',
    '"\\',
    "\ufeff1",
    "\u00a01",
    '{"a" 1}',
    "[1 2]",
    "[\f1]",
  ];
  for (const text of texts) throws(() => parseJson(text), SyntaxError, JSON.stringify(text));
});

Deno.test("parseJson reads escapes, and keeps lone surrogates", () => {
  equal(parseJson('"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00E9"'), '"\\/\b\f\n\r\té');
  equal(parseJson('"\\ud83d\\ude00"'), "😀");
  equal(parseJson('"\\ud83d"'), "\ud83d");
});

Deno.test("parseJson treats __proto__ and constructor like any other name", () => {
  const value = parseJson('{"__proto__": {"x": 1}, "constructor": 2}') as Record<string, Value>;
  deepEqual(Object.keys(value), ["__proto__", "constructor"]);
  equal(Object.getPrototypeOf(value), null);
});

Deno.test("parseJson keeps the last of equal names", () => {
  equal(writeJson(parseJson('{"a": 1, "b": 2, "a": 3}')), '{"a": 3, "b": 2}');
});

Deno.test("parseJson rejects nesting, digits, size and members beyond its limits, and accepts them at the limits", () => {
  const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
  parseJson(nested(64), { maxDepth: 64 });
  throws(() => parseJson(nested(65), { maxDepth: 64 }), RangeError);
  throws(() => parseJson("[".repeat(200_000)), RangeError);
  parseJson("9".repeat(20), { maxDigits: 20 });
  throws(() => parseJson("9".repeat(21), { maxDigits: 20 }), RangeError);
  const members = '{"ab": ["xyz", 1]}';
  // An item has its index as its name, and a number takes four bytes at least.
  const size = (2 + 2) + (2 + 1 + 3) + (2 + 1 + 4);
  parseJson(members, { maxSize: size });
  throws(() => parseJson(members, { maxSize: size - 1 }), RangeError);
  parseJson(members, { maxMembers: 3 });
  throws(() => parseJson(members, { maxMembers: 2 }), RangeError);
});

Deno.test("parseJson reports the position of a fault and none of the text", () => {
  throws(() => parseJson('{"password": hunter2}'), {
    name: "SyntaxError",
    message: "Not JSON: unexpected character at position 13",
  });
});

Deno.test("writeFloat writes Python's repr", () => {
  const cases: [number, string][] = [
    [0, "0.0"],
    [-0, "-0.0"],
    [1e15, "1000000000000000.0"],
    [9999999999999998, "9999999999999998.0"],
    [1e16, "1e+16"],
    [1.5e22, "1.5e+22"],
    [1e-4, "0.0001"],
    [9.9e-5, "9.9e-05"],
    [1e-7, "1e-07"],
    [5e-324, "5e-324"],
    [1.7976931348623157e308, "1.7976931348623157e+308"],
    [-2.5, "-2.5"],
  ];
  for (const [number, text] of cases) equal(writeFloat(number), text);
});

Deno.test("quote escapes everything outside printable ASCII", () => {
  equal(quote("é\u007f😀\ud800\u001f/"), '"\\u00e9\\u007f\\ud83d\\ude00\\ud800\\u001f/"');
});

Deno.test("parseJson is the inverse of writeJson", () => {
  fc.assert(fc.property(values, (value) => {
    const text = writeJson(value);
    equal(/^[\x20-\x7e]*$/.test(text), true);
    equal(writeJson(parseJson(text)), text);
  }));
});

/** JSON that BSON holds: no number that is written as a whole one of more than 64 bits. */
const storable = fc.jsonValue().filter((value) => !/[0-9]{19}/.test(JSON.stringify(value)));

Deno.test("parseJson never takes a value for larger than it is in BSON", () => {
  fc.assert(
    fc.property(storable, fc.nat(1200), (value, length) => {
      const text = JSON.stringify([value, Array.from({ length }, (_, i) => i)]);
      parseJson(text, { maxSize: bsonSize(parseJson(text)) });
    }),
  );
});

Deno.test("parseJson notices early that many small items take much as BSON", () => {
  const items = `[${"1,".repeat(1_000_000)}1]`;
  throws(() => parseJson(items, { maxSize: 10_000_000 }), RangeError);
});
