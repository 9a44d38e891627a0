import { type Fault, fieldFault, isObject } from "./fault.ts";
import {
  aBound,
  aFloat,
  aNumber,
  aScalar,
  aString,
  aWholeNumber,
  type FieldCheck,
  listOf,
  objectOf,
  objectWith,
  optional,
} from "./field_checks.ts";
import type { Fields, Value } from "./value.ts";

const NAME = { sub_type: aString, data: aScalar };

const COUNTED_NAMES = listOf(objectWith({ ...NAME, events: aWholeNumber }));

const DETAILS = objectWith({
  question: objectWith(NAME),
  asked: objectWith(NAME),
  found: COUNTED_NAMES,
  events: aWholeNumber,
  range: objectWith({ from: aBound, to: aBound, tzname: aString }),
  outside: optional(objectWith({ events: aWholeNumber, first_seen: aFloat, last_seen: aFloat })),
  within: optional(COUNTED_NAMES),
  addresses: optional(COUNTED_NAMES),
  advice: optional(aString),
  first_seen: optional(aFloat),
  last_seen: optional(aFloat),
  histogram: optional(listOf(objectWith({ start: aFloat, label: aString, events: aWholeNumber }))),
  pages: optional(aWholeNumber),
  attributes: optional(COUNTED_NAMES),
});

const PATH = objectWith({
  weight: aFloat,
  share: aFloat,
  nodes: listOf(objectWith({ _hash: aString, label: aString, data: optional(aScalar) })),
});

const EVIDENCE = objectWith({
  _hash: aString,
  flags: listOf(aString),
  bounds: optional(objectWith({ least: aFloat, most: aFloat })),
  now: optional(aFloat),
  paths: listOf(PATH),
});

const FIELDS: { readonly [name: string]: FieldCheck } = {
  userid: aString,
  timestamp: aFloat,
  current_page: aWholeNumber,
  next_page: aWholeNumber,
  orgids: optional(listOf(aString)),
  evidence: optional(listOf(EVIDENCE)),
  details: optional(DETAILS),
};

/** Checks the data of answers, by the type of the question. */
const DATA: ReadonlyMap<Value | undefined, FieldCheck> = new Map([
  ["count", aWholeNumber],
  ["related", relatedFault],
  ["threatrank", aNumber],
]);

/**
 * What keeps the fields of a report from being read; undefined if nothing does. Of a listing, which
 * is a list of whole instances, it does not look at these.
 */
export function reportFault(fields: Partial<Fields>): Fault | undefined {
  for (const [name, check] of Object.entries(FIELDS)) {
    const fault = check(fields[name], name);
    if (fault !== undefined) return fault;
  }
  const { sub_type, data } = fields;
  if (data === undefined) return fieldFault("data", data, "an answer");
  // A failed report says why, and may be of no such type.
  return typeof data === "string" ? undefined : (DATA.get(sub_type) ?? aString)(data, "data");
}

/** A summary has lists of data, or of data with the labels of the path to it. */
function relatedFault(data: Value | undefined, name: string): Fault | undefined {
  if (Array.isArray(data)) return undefined;
  if (!isObject(data)) return fieldFault(name, data, "a list or an object");
  return objectOf(listOf(summaryFault))(data, name);
}

function summaryFault(member: Value | undefined, name: string): Fault | undefined {
  if (!Array.isArray(member)) return aScalar(member, name);
  const [data, path] = member;
  return aScalar(data, `${name}[0]`) ?? listOf(aString)(path, `${name}[1]`);
}
