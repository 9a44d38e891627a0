import { parseJson } from "../../tahoe/json.ts";
import { type Fields, isFields, type Value } from "../../tahoe/value.ts";
import { recordsOf } from "../records.ts";
import { fieldsIn } from "./fields.ts";

/** A MISP event, attribute or object that stands by itself, or what is none of them. */
export type Item = {
  readonly kind: "event" | "attribute" | "object" | "unknown";
  readonly fields: Fields;
};

const UNKNOWN: Item = { kind: "unknown", fields: {} };

/**
 * What is in MISP JSON: an event with or without its wrapper `{"Event": …}`, the answer of a MISP
 * search (`{"response": …}`), an array of these, or one on each line.
 *
 * Throws Rejected EVENTS_INVALID if the data is an empty array.
 */
export function itemsIn(data: Value): readonly Item[] {
  return recordsOf(data).flatMap(itemsOf);
}

function itemsOf(value: Value): readonly Item[] {
  if (Array.isArray(value)) return value.flatMap(itemsOf);
  if (typeof value === "string") return itemsOf(readJson(value));
  if (!isFields(value)) return [UNKNOWN];
  const { response, data } = value;
  if (response !== undefined) return itemsOf(response);
  const kind = kindOf(value);
  if (kind !== undefined) return [{ kind, fields: value }];
  if (typeof data === "string") return itemsOf(data);
  const { Event, Attribute, Object } = value;
  const items = [
    ...fieldsIn(Event).map((fields) => ({ kind: "event", fields } as const)),
    ...fieldsIn(Attribute).map((fields) => ({ kind: "attribute", fields } as const)),
    ...fieldsIn(Object).map((fields) => ({ kind: "object", fields } as const)),
  ];
  return items.length > 0 ? items : [UNKNOWN];
}

// JSON that no document can hold comes as text, be it too large in canonical form or for a lone
// surrogate in one value: all others can still be read.
function readJson(text: string): Value {
  try {
    return parseJson(text, { maxDepth: 64 });
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return null;
    throw error;
  }
}

// Search results name their event beside their own fields: `Event` alone does not make a wrapper.
function kindOf(fields: Fields): Item["kind"] | undefined {
  const { type, value, name, info, Attribute } = fields;
  if (typeof type === "string" && value !== undefined) return "attribute";
  if (typeof name === "string" && Attribute !== undefined) return "object";
  return typeof info === "string" ? "event" : undefined;
}
