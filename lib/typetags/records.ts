import { Rejected } from "../errors.ts";
import { type Fields, isFields, isScalar, type Scalar, type Value } from "../tahoe/value.ts";
import { damagedElements, damagedObject } from "./damaged_json.ts";
import { parseStorableJson, tryParseJson } from "./storable_json.ts";

/** Lines among which one must be an object for a text to be JSON Lines. */
const FIRST_LINES = 100;

/**
 * Splits a Raw's data into records: the elements of an array, the lines of JSON Lines, otherwise the
 * data itself as the only record. Lines stay unparsed: see {@link parseFields}.
 *
 * @throws {Rejected} EVENTS_INVALID when the array is empty.
 */
export function splitRecords(data: Value): readonly Value[] {
  const records = parseArray(data) ?? splitJsonLines(data) ?? [data];
  if (records.length === 0) throw new Rejected("EVENTS_INVALID", "The list is empty");
  return records;
}

/** Does the same; of a damaged object, what is whole of it comes first, then what is not. */
export function splitDamaged(data: Value): readonly Value[] {
  const text = unparsedText(data);
  const damaged = text === undefined ? undefined : damagedObject(text);
  return damaged === undefined ? splitRecords(data) : [damaged.object, ...damaged.broken];
}

/** An array, or the JSON of an array of objects that was too large to be stored as anything but text. */
export function parseArray(data: Value): readonly Value[] | undefined {
  if (Array.isArray(data)) return data;
  const text = unparsedText(data);
  if (text === undefined || !text.trimStart().startsWith("[")) return undefined;
  const value = tryParseJson(text);
  return Array.isArray(value) && isFields(value[0]) ? value : undefined;
}

/**
 * The lines that are not blank, if one of the first is a JSON object and the whole text is not JSON.
 * The first ones may be something else: a log that was rotated or cut begins in the middle of a
 * line, or with NULs. Objects that follow each other in another way, such as with a comma between
 * them or over several lines, are told apart, too, and so are the elements of a damaged array.
 */
export function splitJsonLines(data: Value): readonly string[] | undefined {
  const text = unparsedText(data);
  // The parser stops where a second object begins, so it reads no further than the second line.
  if (text === undefined || tryParseJson(text) !== undefined) return undefined;
  const elements = damagedElements(text);
  if (elements !== undefined) return elements;
  const lines = splitLines(text).flatMap(splitLine);
  const isJsonLines = lines.slice(0, FIRST_LINES).some((line) =>
    line.startsWith("{") && isFields(tryParseJson(line))
  );
  return isJsonLines ? lines : splitObjects(text);
}

/** The lines of a text that are not blank, without white space around them. */
export function splitLines(text: string): readonly string[] {
  return text.split(/\r\n?|\n/).map((line) => line.trim()).filter((line) => line !== "");
}

/**
 * The objects in a line: one, also behind a record separator (RFC 7464) or before a comma; several
 * without anything between them; none in a line of brackets around them.
 */
function splitLine(line: string): readonly string[] {
  if (/^(?:\[|\],?)$/.test(line)) return [];
  // deno-lint-ignore no-control-regex -- RFC 7464 separates records by this character
  const plain = line.replace(/^\x1e\s*/, "").replace(/^(\{.*\}),$/, "$1");
  const isSeveral = /^\{.*\}\s*\{/.test(plain) && tryParseJson(plain) === undefined;
  return (isSeveral ? splitObjects(plain) : undefined) ?? splitHalf(plain) ?? [plain];
}

/**
 * Half a line and the whole one behind it, which a program wrote that had been killed within the
 * first: it begins with the same name. Undefined for other lines.
 */
function splitHalf(line: string): readonly string[] | undefined {
  const [start = ""] = /^\{\s?"[^"\\]{1,100}"\s?:/.exec(line) ?? [];
  const at = start === "" ? 0 : line.lastIndexOf(start);
  if (at <= 0 || tryParseJson(line) !== undefined) return undefined;
  const [half, whole] = [line.slice(0, at), line.slice(at)];
  return /\}[\s,]*$/.test(half) || !isFields(tryParseJson(whole)) ? undefined : [half, whole];
}

/** The objects that follow each other in a text, and what remains behind them; undefined for only one. */
function splitObjects(text: string): readonly string[] | undefined {
  const objects: string[] = [];
  let start = 0;
  let depth = 0;
  for (const { 0: mark, index } of text.matchAll(/"(?:[^"\\]|\\[^])*"|[{}]/g)) {
    if (mark === "{") depth++;
    if (mark !== "}" || --depth !== 0) continue;
    objects.push(text.slice(start, index + 1).replace(/^[\s,]+/, ""));
    start = index + 1;
  }
  const rest = text.slice(start).replace(/^[\s,]+/, "").trimEnd();
  const isSeveral = objects.length > 1 || (objects.length === 1 && rest.startsWith("{"));
  if (!isSeveral || !isFields(tryParseJson(objects[0]!))) return undefined;
  return rest === "" ? objects : [...objects, rest];
}

/** The data if it is a string, or the text that parsePlaintext stored without parsing it. */
export function unparsedText(data: Value): string | undefined {
  if (typeof data === "string") return data;
  if (!isFields(data) || Object.keys(data).length !== 1) return undefined;
  return typeof data["data"] === "string" ? data["data"] : undefined;
}

/**
 * The fields of a record, which is an object or its JSON.
 *
 * @throws {SyntaxError} when the record is a string but not JSON.
 * @throws {RangeError} when the record could not be stored.
 * @throws {Rejected} EVENTS_REJECTED when the record is not an object.
 */
export function parseFields(record: Value): Fields {
  const fields = typeof record === "string" ? parseStorableJson(record) : record;
  if (isFields(fields)) return fields;
  throw new Rejected("EVENTS_REJECTED", "The record is not a JSON object");
}

/**
 * The value of a field that becomes an attribute.
 *
 * @throws {Rejected} EVENTS_REJECTED when the field is missing, an array or an object.
 */
export function scalarField(record: Fields, name: string): Scalar {
  const value = record[name];
  if (value === undefined) throw new Rejected("EVENTS_REJECTED", `${name} is missing`);
  if (!isScalar(value)) {
    throw new Rejected("EVENTS_REJECTED", `${name} is not a string, number, boolean or null`);
  }
  return value;
}

/**
 * The value of a field that must be a string.
 *
 * @throws {Rejected} EVENTS_REJECTED when the field is missing or not a string.
 */
export function stringField(record: Fields, name: string): string {
  const value = scalarField(record, name);
  if (typeof value === "string") return value;
  throw new Rejected("EVENTS_REJECTED", `${name} is not a string`);
}
