import { type Fields, isFields, type Value } from "./value.ts";

/**
 * Names of the types that only BSON has, by the key that stands for them in Extended JSON, and of
 * what stores give in place of values that they cannot read or do not fetch.
 */
const BSON_TYPES: { readonly [key: string]: string } = {
  $oid: "an ObjectId",
  $date: "a date",
  $binary: "binary data",
  $uuid: "binary data",
  $numberDecimal: "a Decimal128",
  $regularExpression: "a regular expression",
  $timestamp: "a timestamp",
  $code: "code",
  $symbol: "a symbol",
  $undefined: "undefined",
  $dbPointer: "a pointer",
  $minKey: "MinKey",
  $maxKey: "MaxKey",
  $unreadable: "damaged",
  $tooLarge: "too large",
};

/** What stores give in place of a value that is too large to be fetched or read. */
export const TOO_LARGE: Value = { $tooLarge: true };

/** The type of a value that was read from a store, with its article, such as "a string". */
export function typeName(value: Value | undefined): string {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  if (typeof value === "string") return "a string";
  if (typeof value === "boolean") return String(value);
  if (typeof value === "bigint") return "a whole number";
  if (typeof value === "number") return Number.isFinite(value) ? "a number" : String(value);
  if (!isFields(value)) return "a list";
  const key = Object.keys(value)[0] ?? "";
  return Object.hasOwn(BSON_TYPES, key) ? BSON_TYPES[key]! : "an object";
}

/** Whether a value that was read from a store is an object, and not a value of a type of BSON. */
export function isObject(value: Value | undefined): value is Fields {
  return isFields(value) && typeName(value) === "an object";
}

/** What keeps a stored document from being read: a field, and the type that it has. */
export class Fault {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

/** Describes a field that has the wrong type, such as "orgid is a date, not a string". */
function describeField(name: string, value: Value | undefined, wanted: string): string {
  return value === undefined
    ? `${name} is missing`
    : `${name} is ${typeName(value)}, not ${wanted}`;
}

/** Makes the fault of a field that has the wrong type. */
export function fieldFault(name: string, value: Value | undefined, wanted: string): Fault {
  return new Fault(describeField(name, value, wanted));
}
