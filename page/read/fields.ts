import type { Scalar, Value } from "../../lib/tahoe/value.ts";
import { type Fields, isFields, isScalar } from "../../lib/tahoe/value.ts";

/** A number of JSON, whole or not; undefined if the value is not one. */
export function numberOf(value: Value | undefined): number | undefined {
  return typeof value === "number" || typeof value === "bigint" ? Number(value) : undefined;
}

/** A list; empty if the value is not one. */
export function listOf(value: Value | undefined): readonly Value[] {
  return Array.isArray(value) ? value : [];
}

/** The members of a list that are objects. */
export function objectsOf(value: Value | undefined): readonly Fields[] {
  return listOf(value).filter(isFields);
}

/** An object; empty if the value is not one. */
export function objectOf(value: Value | undefined): Fields {
  return isFields(value) ? value : {};
}

/** A scalar; null if the value is not one. */
export function scalarOf(value: Value | undefined): Scalar {
  return isScalar(value) ? value : null;
}
