import { type JsonLimits, parseJson } from "../tahoe/json.ts";
import { isFields, type Value } from "../tahoe/value.ts";
import { QueryError } from "./query_error.ts";

/**
 * Query data has a dozen fields, none of them a list or an object. Without limits, texts that MongoDB
 * can hold take up to half a minute: millions of members that have to be tried as JSON of their own.
 */
const LIMITS: JsonLimits = { maxMembers: 100, maxDigits: 1000 };

/** In UTF-16 units. The longest field anybody asks about is the body of a message. */
const MAX_LENGTH = 4 * 1024 * 1024;

/**
 * Un-nests the canonical text of query data: what `decanonical` makes of it, as far as the fields
 * that query data can have; lists and objects in them are left as they are, to be refused.
 *
 * @throws {QueryError} ValidationError if the text is no JSON, or more than query data can be.
 */
export function unnestQueryData(text: string): Value {
  if (text.length > MAX_LENGTH) throw unreadable(`it is longer than ${MAX_LENGTH} characters`);
  const value = parse(text);
  if (value === undefined) throw unreadable("it is not JSON");
  if (!isFields(value)) return value;
  const fields: Record<string, Value> = Object.create(null);
  for (const [name, member] of Object.entries(value)) fields[name] = unnest(member);
  return fields;
}

function unnest(member: Value): Value {
  const value = typeof member === "string" ? parse(member) : undefined;
  return value === undefined ? member : value;
}

function parse(text: string): Value | undefined {
  try {
    return parseJson(text, LIMITS);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    if (error instanceof RangeError) throw unreadable(error.message);
    throw error;
  }
}

function unreadable(why: string): QueryError {
  return new QueryError("ValidationError", `query data cannot be read: ${why}`);
}
