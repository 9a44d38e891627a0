import fc from "fast-check";
import { bsonSize } from "../../lib/tahoe/bson.ts";
import { canonicalForm, MAX_CANONICAL_LENGTH } from "../../lib/tahoe/canonical.ts";
import { parseJson, writeJson } from "../../lib/tahoe/json.ts";
import { jsonSize } from "../../lib/tahoe/json_size.ts";
import type { Value } from "../../lib/tahoe/value.ts";
import { deepEqual, equal, throws } from "../assert.ts";
import { values } from "./arbitrary_value.ts";

function sizeOf(value: Value) {
  return { bson: bsonSize(value), canonical: canonicalForm(value).length };
}

/** The bytes in BSON and the length of the canonical form; undefined if it has none. */
function trySize(size: () => { bson: number; canonical: number }) {
  try {
    return size();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Whether no list in a value has two members of the same canonical form. */
function hasDistinctMembers(value: Value): boolean {
  if (typeof value !== "object" || value === null) return true;
  const members = Object.values(value);
  if (!members.every(hasDistinctMembers)) return false;
  return !Array.isArray(value) || new Set(members.map(canonicalForm)).size === members.length;
}

Deno.test("jsonSize is what the value takes, and more only where members are repeated", () => {
  fc.assert(fc.property(values, (value) => {
    const json = writeJson(value);
    const expected = trySize(() => sizeOf(parseJson(json)));
    const size = trySize(() => jsonSize(json));
    if (expected === undefined || hasDistinctMembers(value)) return deepEqual(size, expected);
    equal(size!.bson, expected.bson);
    equal(size!.canonical > expected.canonical, true);
  }));
});

Deno.test("jsonSize counts each value of a repeated name", () => {
  const { bson, canonical } = jsonSize('{"a": [1, 2], "a": "x"}');
  const last = sizeOf({ a: "x" });
  equal(bson > last.bson && canonical > last.canonical, true);
});

Deno.test("jsonSize throws where a name must be unique in its object and is not", () => {
  const unique = new Set(["objects"]);
  const twice = '{"a": {"objects": [1], "b": 1, "objects": [2]}}';
  throws(() => jsonSize(twice, { unique }), RangeError, "repeats the name objects");
  jsonSize('{"objects": [{"objects": [1]}, {"objects": [2]}]}', { unique });
  jsonSize(twice);
});

Deno.test("jsonSize throws at a canonical form over the limit, and at what BSON cannot hold", () => {
  const list = (count: number) => `[${Array.from({ length: count }, (_, i) => i).join()}]`;
  const fits = list(1_000_000);
  deepEqual(jsonSize(fits), sizeOf(parseJson(fits)));
  throws(() => jsonSize(list(1_700_000)), RangeError, `${MAX_CANONICAL_LENGTH}`);
  for (const text of ["9223372036854775808", '"\\ud800"', '{"a\\u0000": 1}', '{"\\udfff": 1}']) {
    throws(() => jsonSize(text), RangeError, "in BSON");
  }
  throws(() => jsonSize("{"), SyntaxError);
});
