/**
 * A value that is neither a list nor an object. Whole numbers are `bigint`, floating-point ones
 * `number`: 1 and 1.0 have different hashes.
 */
export type Scalar = null | boolean | bigint | number | string;

/** Anything that JSON can say, with whole and floating-point numbers kept apart. */
export type Value = Scalar | readonly Value[] | Fields;

/** A document or record as named values. */
export type Fields = { readonly [name: string]: Value };

/** Tells whether a value is neither a list nor an object. */
export function isScalar(value: unknown): value is Scalar {
  return value === null || typeof value === "string" || typeof value === "boolean" ||
    typeof value === "bigint" || typeof value === "number";
}

/** Tells whether a value is an object, not a list. */
export function isFields(value: Value | undefined): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A scalar as text, for people; empty for null and for anything else. */
export function scalarText(value: Value | undefined): string {
  return isScalar(value) && value !== null ? String(value) : "";
}
