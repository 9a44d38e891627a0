import { parseJson, quote, writeJson } from "./json.ts";
import type { Fields, Value } from "./value.ts";

/**
 * The most characters of a canonical form, all of them ASCII. Each level of nesting about doubles
 * its length.
 */
export const MAX_CANONICAL_LENGTH = 16 * 1024 * 1024;

// Level n of nesting is at least 2**(n - 1) characters long, so deeper nesting always exceeds the limit.
const MAX_DEPTH = 64;

/**
 * The canonical form of a value, which is what gets hashed. Equal values have equal forms, whatever
 * the order of their keys and list members, duplicate members, or white space around their strings.
 * Members of lists and objects appear in it as strings: their own canonical forms.
 *
 * @throws {RangeError} when the form would be longer than {@link MAX_CANONICAL_LENGTH}.
 */
export function canonicalForm(value: Value): string {
  return canonicalValue(value, 0);
}

/** Characters of a text that are escaped at once. */
const PIECE_LENGTH = 64 * 1024;

/**
 * The canonical form of `{"data": text}` in pieces of ASCII, however long it is: a text that fits a
 * document is kept, even if {@link canonicalForm} would refuse it.
 */
export function* canonicalTextPieces(text: string): Iterable<string> {
  const stripped = stripPythonSpace(text);
  yield '{"data": "\\"';
  for (let at = 0; at < stripped.length; at += PIECE_LENGTH) {
    const quoted = quote(stripped.slice(at, at + PIECE_LENGTH));
    yield quoteAscii(quoted.slice(1, -1)).slice(1, -1);
  }
  yield '\\""}';
}

function canonicalValue(value: Value, depth: number): string {
  if (typeof value === "string") return canonicalString(stripPythonSpace(value));
  if (typeof value !== "object" || value === null) return withinLimit(writeJson(value));
  if (depth === MAX_DEPTH) throw tooLongError();
  return Array.isArray(value)
    ? canonicalList(value, depth)
    : canonicalObject(value as Fields, depth);
}

function canonicalString(string: string): string {
  // Escaping makes a string up to six times as long: reject a long one before that is done.
  if (string.length > MAX_CANONICAL_LENGTH / 6) {
    checkCanonicalLength(string.length + 5 * countNonAscii(string));
  }
  return withinLimit(quote(string));
}

function countNonAscii(string: string): number {
  let count = 0;
  for (let at = 0; at < string.length; at++) if (string.charCodeAt(at) > 0x7e) count++;
  return count;
}

function canonicalList(items: readonly Value[], depth: number): string {
  const forms = new Set<string>();
  let length = 0;
  for (const item of items) {
    const form = canonicalValue(item, depth + 1);
    if (forms.has(form)) continue;
    forms.add(form);
    length = checkCanonicalLength(length + form.length);
  }
  return withinLimit(`[${[...forms].sort().map(quoteAscii).join(", ")}]`);
}

function canonicalObject(fields: Fields, depth: number): string {
  let length = 0;
  const members = Object.keys(fields).sort(compareCodePoints).map((name) => {
    const form = canonicalValue(fields[name]!, depth + 1);
    length = checkCanonicalLength(length + name.length + form.length);
    return `${quote(name)}: ${quoteAscii(form)}`;
  });
  return withinLimit(`{${members.join(", ")}}`);
}

/** Quotes a canonical form: it is printable ASCII, so only quotes and backslashes are escaped. */
function quoteAscii(form: string): string {
  return JSON.stringify(form);
}

function withinLimit(form: string): string {
  checkCanonicalLength(form.length);
  return form;
}

/**
 * Returns the length of a canonical form.
 *
 * @throws {RangeError} when it is longer than {@link MAX_CANONICAL_LENGTH}.
 */
export function checkCanonicalLength(length: number): number {
  if (length > MAX_CANONICAL_LENGTH) throw tooLongError();
  return length;
}

function tooLongError(): RangeError {
  return new RangeError(`Canonical form is longer than ${MAX_CANONICAL_LENGTH} characters`);
}

/**
 * Undoes {@link canonicalForm} as far as possible: reads the text as JSON, and in turn every member that
 * is itself JSON text; other members stay as they are. The order and the duplicate members of lists
 * are lost. Text that is not JSON is returned unchanged.
 */
export function decodeCanonicalForm(text: string): Value {
  const value = parseIfJson(text);
  return value === undefined ? text : decodeMembers(value);
}

function decodeMembers(value: Value): Value {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(decodeMember);
  const fields: Record<string, Value> = Object.create(null);
  for (const [name, member] of Object.entries(value)) fields[name] = decodeMember(member);
  return fields;
}

function decodeMember(member: Value): Value {
  if (typeof member !== "string") return member;
  const value = parseIfJson(member);
  return value === undefined ? member : decodeMembers(value);
}

function parseIfJson(text: string): Value | undefined {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

/**
 * Removes white space from both ends as Python's `str.strip` does. Unlike `trim` it treats U+001C to
 * U+001F and U+0085 as white space, but not U+FEFF.
 */
export function stripPythonSpace(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isPythonSpace(text.charCodeAt(start))) start++;
  while (end > start && isPythonSpace(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function isPythonSpace(unit: number): boolean {
  if (unit <= 0x20) return unit === 0x20 || (unit >= 0x1c) || (unit >= 0x09 && unit <= 0x0d);
  if (unit < 0x1680) return unit === 0x85 || unit === 0xa0;
  return unit === 0x1680 || (unit >= 0x2000 && unit <= 0x200a) || unit === 0x2028 ||
    unit === 0x2029 || unit === 0x202f || unit === 0x205f || unit === 0x3000;
}

/** Compares as Python does; `<` on strings puts U+E000 to U+FFFF after the surrogate pairs. */
function compareCodePoints(a: string, b: string): number {
  const common = Math.min(a.length, b.length);
  let at = 0;
  while (at < common && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  if (at === common) return a.length - b.length;
  // If the second halves of surrogate pairs differ, compare the whole pairs.
  if (at > 0 && isHighSurrogate(a.charCodeAt(at - 1))) at--;
  return a.codePointAt(at)! - b.codePointAt(at)!;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
