import { parseJson } from "../../tahoe/json.ts";
import { type Fields, isFields, type Value } from "../../tahoe/value.ts";
import { splitRecords } from "../records.ts";
import { fieldsIn } from "./parse.ts";

/** A MISP event, attribute or object that stands by itself, or something else. */
export type MispItem = {
  readonly kind: "event" | "attribute" | "object" | "unknown";
  readonly fields: Fields;
};

const UNKNOWN: MispItem = { kind: "unknown", fields: {} };

/**
 * Finds the items in MISP JSON: an event with or without its wrapper `{"Event": …}`, the answer to
 * a search (`{"response": …}`), an array of these, or one of these per line.
 *
 * @throws {Rejected} EVENTS_INVALID when the data is an empty array.
 */
export function findItems(data: Value): readonly MispItem[] {
  return splitRecords(data).flatMap(findIn);
}

function findIn(value: Value): readonly MispItem[] {
  if (Array.isArray(value)) return value.flatMap(findIn);
  if (typeof value === "string") return findIn(parseKeptText(value));
  if (!isFields(value)) return [UNKNOWN];
  const { response, data } = value;
  if (response !== undefined) return findIn(response);
  const kind = kindOf(value);
  if (kind !== undefined) return [{ kind, fields: value }];
  if (typeof data === "string") return findIn(data);
  const { Event, Attribute, Object } = value;
  const items = [
    ...fieldsIn(Event).map((fields) => ({ kind: "event", fields } as const)),
    ...fieldsIn(Attribute).map((fields) => ({ kind: "attribute", fields } as const)),
    ...fieldsIn(Object).map((fields) => ({ kind: "object", fields } as const)),
  ];
  return items.length > 0 ? items : [UNKNOWN];
}

// A Raw keeps JSON as text if it cannot be stored as a document: its canonical form is too large,
// or one value has a lone surrogate. All its other values can still be read.
function parseKeptText(text: string): Value {
  try {
    return parseJson(text, { maxDepth: 64 });
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return null;
    throw error;
  }
}

// An attribute or object in a search result has a member `Event` too, so `Event` alone does not
// make a wrapper.
function kindOf(fields: Fields): MispItem["kind"] | undefined {
  const { type, value, name, info, Attribute } = fields;
  if (typeof type === "string" && value !== undefined) return "attribute";
  if (typeof name === "string" && Attribute !== undefined) return "object";
  return typeof info === "string" ? "event" : undefined;
}
