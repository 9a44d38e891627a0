import { errorMessage } from "../../errors.ts";
import { parseJson } from "../../tahoe/json.ts";
import { type Fields, isFields, type Value } from "../../tahoe/value.ts";
import { splitDamaged } from "../records.ts";
import { fieldsIn, isNumbered } from "./parse.ts";

/** A MISP event, attribute or object that stands by itself, or something else. */
export type MispItem =
  | { readonly kind: "event" | "attribute" | "object"; readonly fields: Fields }
  | { readonly kind: "unknown"; readonly reason: string };

const UNKNOWN: MispItem = unknown("Not a MISP event, attribute or object");
const ANSWER = unknown("The answer of a server without events: was the request refused?");
const NOT_JSON = unknown("Not JSON, as which MISP exports events; its CSV is read as ioc_list");
const MANIFEST = unknown(
  "The manifest of a feed only names its events: fetch the files named after their UUIDs",
);

function unknown(reason: string): MispItem {
  return { kind: "unknown", reason };
}

/**
 * Finds the items in MISP JSON: an event with or without its wrapper `{"Event": …}`, the answer to
 * a search (`{"response": …}`), an array of these, or one of these per line. Of a damaged object what
 * is whole of it comes first, then what is not.
 *
 * @throws {Rejected} EVENTS_INVALID when the data is an empty array.
 */
export function findItems(data: Value): readonly MispItem[] {
  return splitDamaged(data).flatMap(findIn);
}

function findIn(value: Value): readonly MispItem[] {
  if (Array.isArray(value)) return value.flatMap(findIn);
  if (typeof value === "string") return findInText(value);
  if (!isFields(value)) return [UNKNOWN];
  if (isNumbered(value)) return Object.values(value).flatMap(findIn);
  const { response, data } = value;
  if (response !== undefined) return findIn(response);
  const kind = kindOf(value);
  if (kind !== undefined) return [{ kind, fields: value }];
  if (data !== undefined) return findIn(data);
  const { Event, Attribute, Object: objects } = value;
  const items = [
    ...fieldsIn(Event).map((fields) => ({ kind: "event", fields } as const)),
    ...fieldsIn(Attribute).map((fields) => ({ kind: "attribute", fields } as const)),
    ...fieldsIn(objects).map((fields) => ({ kind: "object", fields } as const)),
  ];
  return items.length > 0 ? items : [whatElse(value)];
}

// A Raw keeps JSON as text if it cannot be stored as a document: its canonical form is too large,
// or one value has a lone surrogate. All its other values can still be read.
function findInText(text: string): readonly MispItem[] {
  try {
    const value = parseJson(text, { maxDepth: 64 });
    return typeof value === "string" ? [UNKNOWN] : findIn(value);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) {
      return [/^\s*[{[]/.test(text) ? unknown(errorMessage(error)) : NOT_JSON];
    }
    throw error;
  }
}

/** What an object without events is, as far as its fields tell. */
function whatElse(fields: Fields): MispItem {
  if (fields["message"] !== undefined || fields["errors"] !== undefined) return ANSWER;
  const members = Object.values(fields).filter((value) => isFields(value));
  const isManifest = members.length > 0 &&
    members.every(({ info, Orgc }) => typeof info === "string" && Orgc !== undefined);
  return isManifest ? MANIFEST : UNKNOWN;
}

// An attribute or object in a search result has a member `Event` too, so `Event` alone does not
// make a wrapper.
function kindOf(fields: Fields): "event" | "attribute" | "object" | undefined {
  const { type, value, name, info, Attribute } = fields;
  if (typeof type === "string" && value !== undefined) return "attribute";
  if (typeof name === "string" && Attribute !== undefined) return "object";
  return typeof info === "string" ? "event" : undefined;
}
