import { parseJson } from "../tahoe/json.ts";
import type { JsonLimits } from "../tahoe/json_parser.ts";
import { isFields, type Value } from "../tahoe/value.ts";
import { QueryError } from "./query_error.ts";

/**
 * Query data has a dozen fields, and none of them is a list or an object. Without limits, a text as
 * large as MongoDB can store takes up to half a minute: it may have millions of members, each of
 * which must be tried as JSON of its own.
 */
const LIMITS: JsonLimits = { maxMembers: 100, maxDigits: 1000 };

/** Most UTF-16 code units of query data. Its longest field is the body of a message. */
const MAX_LENGTH = 4 * 1024 * 1024;

/**
 * Un-nests the canonical text of query data, as `decodeCanonicalForm` does, but only to the depth that query
 * data can have: lists and objects in its fields are left as they are, to be refused.
 *
 * @throws {QueryError} ValidationError when the text is not JSON, or exceeds the limits.
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
