import { equal, throws } from "../assert.ts";
import { isSupported, parsePlaintext, SURE_TEXT_BYTES } from "../../lib/lake/parse.ts";
import { writeJson } from "../../lib/tahoe/json.ts";
import type { Value } from "../../lib/tahoe/value.ts";

function dataOf(text: string): Value {
  return parsePlaintext(text, { typetag: "sighting", orgid: "org", timezone: "UTC" }).data;
}

function isText(text: string): boolean {
  return writeJson(dataOf(text)) === writeJson({ data: text });
}

Deno.test("parsePlaintext reads JSON exactly", () => {
  const cases = [
    ['{"a": 1, "b": 1.0, "c": -0.0, "d": 1e999}', '{"a": 1, "b": 1.0, "c": -0.0, "d": Infinity}'],
    ["9223372036854775807", "9223372036854775807"],
    ["-9223372036854775808", "-9223372036854775808"],
    [' {"$set": {"a.b": " x "}} ', '{"$set": {"a.b": " x "}}'],
    ['"\\u0000"', '"\\u0000"'],
    ["NaN", "NaN"],
  ] as const;
  for (const [text, value] of cases) equal(writeJson(dataOf(text)), value);
});

Deno.test("parsePlaintext keeps the last of equal keys, and all lists of MISP and STIX", () => {
  const text = '{"objects": [1], "Event": {"a": 1, "a": 2}, "objects": [2], "Event": {"b": 3}}';
  const expected = {
    sighting: '{"objects": [2], "Event": {"b": 3}}',
    stix: '{"objects": [1, 2], "Event": {"b": 3}}',
    misp: '{"objects": [2], "Event": [{"a": 2}, {"b": 3}]}',
  };
  for (const [typetag, value] of Object.entries(expected)) {
    equal(writeJson(parsePlaintext(text, { typetag, orgid: "org", timezone: null }).data), value);
  }
});

Deno.test("parsePlaintext keeps as text what is not JSON or cannot be stored exactly", () => {
  const texts = [
    "",
    "plain",
    "{'a': 1}",
    '{"a": 1}\n{"a": 2}',
    '\ufeff{"a": 1}',
    "9223372036854775808",
    "-9223372036854775809",
    "1".repeat(1_000_000),
    '{"a\\u0000": 1}',
    '"\\ud800"',
    '{"\\udfff": 1}',
  ];
  for (const text of texts) equal(isText(text), true, JSON.stringify(text.slice(0, 40)));
});

Deno.test("parsePlaintext takes 64 levels of nesting and keeps deeper ones as text", () => {
  // Their canonical form is too long from about twenty levels on, but for levels that are empty.
  const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
  equal(isText(nested(20)), false);
  equal(isText(nested(64)), true);
  equal(isText(nested(65)), true);
  equal(isText("[".repeat(200_000)), true);
});

Deno.test("parsePlaintext keeps as text what is small as text and too large as a document", () => {
  equal(isText(`[${"0,".repeat(2_000_000)}0]`), true);
  equal(isText(`[${"[],".repeat(2_000_000)}[]]`), true);
});

Deno.test("parsePlaintext rejects text that does not fit a document", () => {
  const tooLarge = { name: "Rejected", code: "DOCUMENT_TOO_LARGE" };
  equal(isText("x".repeat(SURE_TEXT_BYTES)), true);
  throws(() => dataOf("x".repeat(SURE_TEXT_BYTES + 1)), tooLarge);
  throws(() => dataOf(`[${"[],".repeat(8_000_000)}[]]`), { code: "DOCUMENT_TOO_LARGE" });
});

Deno.test("isSupported takes built-in typetags, added ones, and all with an asterisk", () => {
  equal(isSupported("cowrie", []), true);
  equal(isSupported("my_sensor", []), false);
  equal(isSupported("my_sensor", ["my_sensor"]), true);
  equal(isSupported("my_sensor", ["*"]), true);
  equal(isSupported("constructor", []), false);
});
