import { Rejected } from "../errors.ts";
import { bsonSize } from "../tahoe/bson.ts";
import { parseJson } from "../tahoe/json.ts";
import { type Fields, isFields, isScalar, type Scalar, type Value } from "../tahoe/value.ts";

// What parsePlaintext refuses in a whole upload it refuses in a line of one.
const JSON_LIMITS = { maxDepth: 64, maxDigits: 20 };

/**
 * The records in a Raw's data: the members of an array, the lines of text that is JSON lines, or
 * the data itself. Lines stay text: see {@link fieldsOf}. Throws Rejected EVENTS_INVALID if there
 * is none.
 */
export function recordsOf(data: Value): readonly Value[] {
  const records = arrayOf(data) ?? linesOf(data) ?? [data];
  if (records.length === 0) throw new Rejected("EVENTS_INVALID", "The list is empty");
  return records;
}

/** An array, also one that is kept as text because its document would have been too large. */
export function arrayOf(data: Value): readonly Value[] | undefined {
  if (Array.isArray(data)) return data;
  const text = textOf(data);
  if (text === undefined || !text.trimStart().startsWith("[")) return undefined;
  const value = readJson(text);
  return Array.isArray(value) && isFields(value[0]) ? value : undefined;
}

/** Lines that are not blank, if the first is a JSON object and the whole is no JSON. */
function linesOf(data: Value): readonly string[] | undefined {
  const text = textOf(data);
  // A second object behind the first stops the reader, so that this looks no further than it.
  if (text === undefined || readJson(text) !== undefined) return undefined;
  const lines = text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  return isFields(readJson(lines[0] ?? "")) ? lines : undefined;
}

/** The text that data is, or that parsePlaintext kept as it came. */
function textOf(data: Value): string | undefined {
  if (typeof data === "string") return data;
  if (!isFields(data) || Object.keys(data).length !== 1) return undefined;
  return typeof data["data"] === "string" ? data["data"] : undefined;
}

function readJson(text: string): Value | undefined {
  try {
    return readStorable(text);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

function readStorable(text: string): Value {
  const value = parseJson(text, JSON_LIMITS);
  bsonSize(value);
  return value;
}

/** An object, or what the text of one says. */
export function objectOf(value: Value | undefined): Fields | undefined {
  const object = typeof value === "string" ? readJson(value) : value;
  return isFields(object) ? object : undefined;
}

/**
 * The fields of a record. Throws SyntaxError if it is text and no JSON, RangeError if it could not
 * be stored, Rejected EVENTS_REJECTED if it is no object.
 */
export function fieldsOf(record: Value): Fields {
  const fields = typeof record === "string" ? readStorable(record) : record;
  if (isFields(fields)) return fields;
  throw new Rejected("EVENTS_REJECTED", "The record is no JSON object");
}

/** A field that becomes an attribute. Throws Rejected EVENTS_REJECTED if it is not there or cannot. */
export function scalarField(record: Fields, name: string): Scalar {
  const value = record[name];
  if (value === undefined) throw new Rejected("EVENTS_REJECTED", `${name} is missing`);
  if (!isScalar(value)) {
    throw new Rejected("EVENTS_REJECTED", `${name} is neither text, number, boolean nor null`);
  }
  return value;
}

/** A field that has to be a text. Throws Rejected EVENTS_REJECTED if it is none. */
export function textField(record: Fields, name: string): string {
  const value = scalarField(record, name);
  if (typeof value === "string") return value;
  throw new Rejected("EVENTS_REJECTED", `${name} is not a text`);
}
