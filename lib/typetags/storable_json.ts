import { bsonSize } from "../tahoe/bson.ts";
import { parseJson } from "../tahoe/json.ts";
import { type Fields, isFields, type Value } from "../tahoe/value.ts";

// A line must keep the limits that parsePlaintext sets for a whole upload.
const JSON_LIMITS = { maxDepth: 64, maxDigits: 20 };

/** The value of JSON; undefined for a text that is not JSON, or that could not be stored as JSON. */
export function tryParseJson(text: string): Value | undefined {
  try {
    return parseStorableJson(text);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

/**
 * The value of JSON that can be stored exactly and whole.
 *
 * @throws {SyntaxError} when the text is not JSON.
 * @throws {RangeError} when the value could not be stored.
 */
export function parseStorableJson(text: string): Value {
  const value = parseJson(text, JSON_LIMITS);
  // Throws RangeError if no document can hold the value.
  bsonSize(value);
  return value;
}

/** An object, or the object that a JSON string stands for; undefined for anything else. */
export function parseObject(value: Value | undefined): Fields | undefined {
  const object = typeof value === "string" ? tryParseJson(value) : value;
  return isFields(object) ? object : undefined;
}
