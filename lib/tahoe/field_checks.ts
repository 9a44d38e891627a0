import { type Fault, fieldFault, isObject } from "./fault.ts";
import { isScalar, type Value } from "./value.ts";

/** Returns what is wrong with the value of a field, which `name` names; undefined if nothing is. */
export type FieldCheck = (value: Value | undefined, name: string) => Fault | undefined;

export const aString = isA("a string", (value) => typeof value === "string");

export const aNumber = isA(
  "a number",
  (value) => typeof value === "number" || typeof value === "bigint",
);

export const aFloat = isA("a floating-point number", (value) => typeof value === "number");

export const aWholeNumber = isA("a whole number", (value) => typeof value === "bigint");

export const aBound = isA(
  "a floating-point number or null",
  (value) => value === null || typeof value === "number",
);

export const aScalar = isA(
  "a string, number, boolean or null",
  (value) => value !== undefined && isScalar(value),
);

function isA(wanted: string, test: (value: Value | undefined) => boolean): FieldCheck {
  return (value, name) => test(value) ? undefined : fieldFault(name, value, wanted);
}

/** Checks a field that may be missing. */
export function optional(check: FieldCheck): FieldCheck {
  return (value, name) => value === undefined ? undefined : check(value, name);
}

/** Checks a list, and each of its members. */
export function listOf(check: FieldCheck): FieldCheck {
  return (value, name) =>
    Array.isArray(value)
      ? firstFault(value.map((_, i) => i), (i) => check(value[i], `${name}[${i}]`))
      : fieldFault(name, value, "a list");
}

/** Checks an object whose fields may have any names, and each of them. */
export function objectOf(check: FieldCheck): FieldCheck {
  return (value, name) =>
    isObject(value)
      ? firstFault(Object.entries(value), ([key, each]) => check(each, `${name}.${key}`))
      : fieldFault(name, value, "an object");
}

/** Checks an object, and those of its fields that are named. */
export function objectWith(checks: { readonly [name: string]: FieldCheck }): FieldCheck {
  return (value, name) =>
    isObject(value)
      ? firstFault(Object.entries(checks), ([key, check]) => check(value[key], `${name}.${key}`))
      : fieldFault(name, value, "an object");
}

function firstFault<T>(
  items: readonly T[],
  check: (item: T) => Fault | undefined,
): Fault | undefined {
  for (const item of items) {
    const fault = check(item);
    if (fault !== undefined) return fault;
  }
  return undefined;
}
