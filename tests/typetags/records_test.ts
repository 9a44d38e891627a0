import { deepEqual, equal, throws } from "../assert.ts";
import type { Value } from "../../lib/tahoe/value.ts";
import {
  parseArray,
  parseFields,
  scalarField,
  splitRecords,
  stringField,
} from "../../lib/typetags/records.ts";

const ONE = { a: 1n };
const REJECTED = { name: "Rejected", code: "EVENTS_REJECTED" };

Deno.test("splitRecords returns array elements, lines of JSON Lines, or the data itself", () => {
  const long = `[{"a": "${"x".repeat(100)}"}, 5]`;
  const cases: readonly (readonly [Value, readonly Value[]])[] = [
    [ONE, [ONE]],
    [5n, [5n]],
    [[ONE, 5n], [ONE, 5n]],
    [{ data: '{"a": 1}\n{"a": 2}' }, ['{"a": 1}', '{"a": 2}']],
    [{ data: '\n \r\n{"a": 1}\r\n\r\nnot JSON\n' }, ['{"a": 1}', "not JSON"]],
    [{ data: `half"}\n${"\0".repeat(512)}\n{"a": 1}\n{"a": 2` }, [
      'half"}',
      "\0".repeat(512),
      '{"a": 1}',
      '{"a": 2',
    ]],
    [{ data: '5\n{"a": 1}' }, ["5", '{"a": 1}']],
    [{ data: '\ufeff{"a": 1}' }, ['{"a": 1}']],
    ['{"a": 1}\n{"a": 2}', ['{"a": 1}', '{"a": 2}']],
    [{ data: '[{"a": 1}' }, ['{"a": 1}']],
    [{ data: '[{"a": 1}, {"a' }, ['{"a": 1}', '{"a']],
  ];
  for (const [data, records] of cases) deepEqual(splitRecords(data), records);
  equal(splitRecords({ data: long }).length, 2);
});

Deno.test("splitRecords does not split text that is not JSON Lines", () => {
  const texts = ["", "plain", "5\n[1]\n", '{"a": 1}', "[1, 2]", "[]", "[{a}]", '{"a"\n:1}'];
  for (const text of texts) {
    deepEqual(splitRecords({ data: text }), [{ data: text }], text);
    deepEqual(splitRecords(text), [text], text);
  }
  const more = { data: '{"a": 1}\n{"a": 2}', b: 1n };
  deepEqual(splitRecords(more), [more]);
});

Deno.test("splitRecords rejects an empty list", () => {
  throws(() => splitRecords([]), { name: "Rejected", code: "EVENTS_INVALID" });
});

Deno.test("parseArray takes arrays and the JSON of arrays of objects", () => {
  deepEqual(parseArray([]), []);
  equal(parseArray({ data: ' [{"a": 1}, {"a": 2}]' })?.length, 2);
  for (const data of [ONE, "[", { data: "[1]" }, { data: "[{}", b: 1n }]) {
    equal(parseArray(data), undefined);
  }
});

Deno.test("parseFields takes objects and their JSON, and refuses everything else", () => {
  deepEqual({ ...parseFields(ONE) }, ONE);
  deepEqual({ ...parseFields('{"a": 1}') }, ONE);
  for (const record of [null, 5n, [], "[]", "5"]) throws(() => parseFields(record), REJECTED);
  for (const text of ["", '{"a": 1', '{"a": 1} {}']) {
    throws(() => parseFields(text), SyntaxError);
  }
});

Deno.test("parseFields refuses the JSON of what a store cannot hold", () => {
  const values = [
    '"\\ud800"',
    "9223372036854775808",
    "1".repeat(50),
    "[".repeat(64) + "]".repeat(64),
  ];
  for (const value of values) throws(() => parseFields(`{"a": ${value}}`), RangeError, value);
  throws(() => parseFields('{"\\u0000": 1}'), RangeError);
});

Deno.test("scalarField names a field that is missing or not a scalar", () => {
  const record = { none: null, no: false, whole: 5n, half: 0.5, text: "" };
  for (const [name, value] of Object.entries(record)) {
    equal(scalarField(record, name), value);
  }
  for (const name of ["list", "object", "missing"]) {
    const expected = { ...REJECTED, message: RegExp(`^${name} is `) };
    throws(() => scalarField({ list: [], object: {} }, name), expected);
  }
});

Deno.test("stringField takes strings only", () => {
  equal(stringField({ a: "" }, "a"), "");
  for (const value of [null, 5n, 0.5, true, []]) {
    throws(() => stringField({ a: value }, "a"), REJECTED);
  }
});
