import { parseJson, quote, writeJson } from "./json.ts";
import type { Fields, Value } from "./value.ts";

/** No canonical text is longer: each level of nesting about doubles it. In characters, all ASCII. */
export const MAX_CANONICAL = 16 * 1024 * 1024;

// Level n of nesting is at least 2**(n - 1) characters long, so this is always beyond the limit.
const MAX_DEPTH = 64;

/**
 * The text that stands for a value wherever it is hashed: equal values have equal texts, whatever
 * the order of their keys and list members, doubled members, or white space around their strings.
 * The members of lists and objects are replaced by their own canonical texts, as strings.
 *
 * Throws RangeError if the text would be longer than {@link MAX_CANONICAL}.
 */
export function canonical(value: Value): string {
  return textOf(value, 0);
}

function textOf(value: Value, depth: number): string {
  if (typeof value === "string") return stringText(stripPython(value));
  if (typeof value !== "object" || value === null) return bounded(writeJson(value));
  if (depth === MAX_DEPTH) throw tooLong();
  return Array.isArray(value) ? listText(value, depth) : objectText(value as Fields, depth);
}

function stringText(text: string): string {
  // Escaping makes a text up to six times as long: not worth it to find out by doing it.
  if (text.length > MAX_CANONICAL / 6) checked(text.length + 5 * countNonAscii(text));
  return bounded(quote(text));
}

function countNonAscii(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7e) count++;
  return count;
}

function listText(items: readonly Value[], depth: number): string {
  const texts = new Set<string>();
  let length = 0;
  for (const item of items) {
    const text = textOf(item, depth + 1);
    if (texts.has(text)) continue;
    texts.add(text);
    length = checked(length + text.length);
  }
  return bounded(`[${[...texts].sort().map(quoteAscii).join(", ")}]`);
}

function objectText(fields: Fields, depth: number): string {
  let length = 0;
  const members = Object.keys(fields).sort(byCodePoint).map((name) => {
    const text = textOf(fields[name]!, depth + 1);
    length = checked(length + name.length + text.length);
    return `${quote(name)}: ${quoteAscii(text)}`;
  });
  return bounded(`{${members.join(", ")}}`);
}

/** Canonical texts are printable ASCII already: only quotes and backslashes are escaped. */
function quoteAscii(text: string): string {
  return JSON.stringify(text);
}

function bounded(text: string): string {
  checked(text.length);
  return text;
}

function checked(length: number): number {
  if (length > MAX_CANONICAL) throw tooLong();
  return length;
}

function tooLong(): RangeError {
  return new RangeError(`Canonical form is longer than ${MAX_CANONICAL} characters`);
}

/**
 * Undoes {@link canonical} as far as it can be undone: the text is read as JSON, and every member
 * that is itself JSON text is read in its turn. A member that is not stays as it is; order and
 * doubled members of lists do not come back. Text that is no JSON is returned unchanged.
 */
export function decanonical(text: string): Value {
  const value = parsed(text);
  return value === undefined ? text : unnest(value);
}

function unnest(value: Value): Value {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(unnestMember);
  const fields: Record<string, Value> = Object.create(null);
  for (const [name, member] of Object.entries(value)) fields[name] = unnestMember(member);
  return fields;
}

function unnestMember(member: Value): Value {
  if (typeof member !== "string") return member;
  const value = parsed(member);
  return value === undefined ? member : unnest(value);
}

function parsed(text: string): Value | undefined {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

/**
 * Takes off what Python's `str.strip` takes off at both ends. Unlike `trim` it knows U+001C to
 * U+001F and U+0085 as white space, and not U+FEFF.
 */
export function stripPython(text: string): string {
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

/** Orders as Python does; `<` on strings puts U+E000 to U+FFFF behind the surrogate pairs. */
function byCodePoint(a: string, b: string): number {
  const common = Math.min(a.length, b.length);
  let at = 0;
  while (at < common && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  if (at === common) return a.length - b.length;
  // Where the second halves of pairs differ, the pairs have to be compared.
  if (at > 0 && isHighSurrogate(a.charCodeAt(at - 1))) at--;
  return a.codePointAt(at)! - b.codePointAt(at)!;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
