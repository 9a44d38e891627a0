import type { Document } from "mongodb";
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
