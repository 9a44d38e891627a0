/** A whole number is a `bigint`, a floating-point number a `number`: 1 and 1.0 have different hashes. */
export type Scalar = null | boolean | bigint | number | string;

/** What a JSON text can say, with whole and floating-point numbers kept apart. */
export type Value = Scalar | readonly Value[] | Fields;

export type Fields = { readonly [name: string]: Value };

export function isScalar(value: unknown): value is Scalar {
  return value === null || typeof value === "string" || typeof value === "boolean" ||
    typeof value === "bigint" || typeof value === "number";
}

export function isFields(value: Value | undefined): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
