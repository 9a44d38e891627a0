import assert from "node:assert/strict";
import type { Value } from "../../lib/tahoe/value.ts";
import {
  arrayOf,
  fieldsOf,
  recordsOf,
  scalarField,
  textField,
} from "../../lib/typetags/records.ts";

const one = { a: 1n };
const rejected = { name: "Rejected", code: "EVENTS_REJECTED" };

Deno.test("recordsOf takes members of arrays, lines of JSON lines, or the data itself", () => {
  const long = `[{"a": "${"x".repeat(100)}"}, 5]`;
  const cases: readonly (readonly [Value, readonly Value[]])[] = [
    [one, [one]],
    [5n, [5n]],
    [[one, 5n], [one, 5n]],
    [{ data: '{"a": 1}\n{"a": 2}' }, ['{"a": 1}', '{"a": 2}']],
    [{ data: '\n \r\n{"a": 1}\r\n\r\nnot JSON\n' }, ['{"a": 1}', "not JSON"]],
    [{ data: '\ufeff{"a": 1}' }, ['{"a": 1}']],
    ['{"a": 1}\n{"a": 2}', ['{"a": 1}', '{"a": 2}']],
  ];
  for (const [data, records] of cases) assert.deepEqual(recordsOf(data), records);
  assert.equal(recordsOf({ data: long }).length, 2);
});

Deno.test("recordsOf leaves text alone that is not JSON lines", () => {
  const texts = ["", "plain", '5\n{"a": 1}', '{"a": 1}', "[1, 2]", "[]", '[{"a": 1}', '{"a"\n:1}'];
  for (const text of texts) {
    assert.deepEqual(recordsOf({ data: text }), [{ data: text }], text);
    assert.deepEqual(recordsOf(text), [text], text);
  }
  const more = { data: '{"a": 1}\n{"a": 2}', b: 1n };
  assert.deepEqual(recordsOf(more), [more]);
});

Deno.test("recordsOf finds nothing in an empty list", () => {
  assert.throws(() => recordsOf([]), { name: "Rejected", code: "EVENTS_INVALID" });
});

Deno.test("arrayOf takes arrays and texts of arrays of objects", () => {
  assert.deepEqual(arrayOf([]), []);
  assert.equal(arrayOf({ data: ' [{"a": 1}, {"a": 2}]' })?.length, 2);
  for (const data of [one, "[", { data: "[1]" }, { data: "[{}", b: 1n }]) {
    assert.equal(arrayOf(data), undefined);
  }
});

Deno.test("fieldsOf reads objects and their texts, and refuses all else", () => {
  assert.deepEqual({ ...fieldsOf(one) }, one);
  assert.deepEqual({ ...fieldsOf('{"a": 1}') }, one);
  for (const record of [null, 5n, [], "[]", "5"]) assert.throws(() => fieldsOf(record), rejected);
  for (const text of ["", '{"a": 1', '{"a": 1} {}']) {
    assert.throws(() => fieldsOf(text), SyntaxError);
  }
});

Deno.test("fieldsOf refuses texts of what a store cannot hold", () => {
  const values = [
    '"\\ud800"',
    "9223372036854775808",
    "1".repeat(50),
    "[".repeat(64) + "]".repeat(64),
  ];
  for (const value of values) assert.throws(() => fieldsOf(`{"a": ${value}}`), RangeError, value);
  assert.throws(() => fieldsOf('{"\\u0000": 1}'), RangeError);
});

Deno.test("scalarField names a field that is missing or no scalar", () => {
  const record = { none: null, no: false, whole: 5n, half: 0.5, text: "" };
  for (const [name, value] of Object.entries(record)) {
    assert.equal(scalarField(record, name), value);
  }
  for (const name of ["list", "object", "missing"]) {
    const expected = { ...rejected, message: RegExp(`^${name} is `) };
    assert.throws(() => scalarField({ list: [], object: {} }, name), expected);
  }
});

Deno.test("textField takes nothing but text", () => {
  assert.equal(textField({ a: "" }, "a"), "");
  for (const value of [null, 5n, 0.5, true, []]) {
    assert.throws(() => textField({ a: value }, "a"), rejected);
  }
});
