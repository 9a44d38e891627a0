import type { Document } from "mongodb";
import { TOO_LARGE } from "../tahoe/fault.ts";
import type { Value } from "../tahoe/value.ts";
import { toBsonValue } from "./bson.ts";

/**
 * Expression for a field such as `"$_ref"` that gives an empty array if the field is not an array:
 * otherwise a single odd document would make an update of many fail.
 */
export function arrayOrEmpty(field: string): Document {
  return { $cond: [{ $isArray: field }, field, []] };
}

/** Expression for a value that MongoDB does not evaluate, whatever `$` it contains. */
export function literal(value: Value): Document {
  return { $literal: toBsonValue(value) };
}

/** Expression that is true if a field is a number as JSON has them: finite, and no Decimal128. */
export function isFiniteNumber(field: string): Document {
  return {
    $and: [
      { $in: [{ $type: field }, ["int", "long", "double"]] },
      { $gt: [field, -Infinity] },
      { $lt: [field, Infinity] },
    ],
  };
}

/** Bytes of a value beyond which {@link bounded} leaves it out. */
const MAX_VALUE_BYTES = 2 ** 16;

/** Expression for a field that gives {@link TOO_LARGE} in place of a large value. */
export function bounded(field: string): Document {
  const isLarge = { $gt: [{ $bsonSize: { value: field } }, MAX_VALUE_BYTES] };
  return { $cond: [isLarge, literal(TOO_LARGE), field] };
}

/** Stage that leaves of a document only these fields, each of them {@link bounded}, if it is large. */
export function boundedDocument(
  names: readonly string[],
  isLarge: Document = { $gt: [{ $bsonSize: "$$ROOT" }, MAX_VALUE_BYTES] },
): Document {
  const fields = Object.fromEntries(names.map((name) => [name, bounded(`$${name}`)]));
  return { $replaceWith: { $cond: [isLarge, fields, "$$ROOT"] } };
}
