/**
 * The strict assertions, by their short names. Deno gives the strict ones only in the default export
 * of "node:assert/strict": imported by name, `equal` compares with `==` there and `deepEqual` loosely
 * (seen in both versions that we support; Node differs).
 */
export {
  deepStrictEqual as deepEqual,
  doesNotMatch,
  doesNotReject,
  doesNotThrow,
  fail,
  match,
  notDeepStrictEqual as notDeepEqual,
  notStrictEqual as notEqual,
  ok,
  rejects,
  strictEqual as equal,
  throws,
} from "node:assert/strict";
