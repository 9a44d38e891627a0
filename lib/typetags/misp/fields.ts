import { type Fields, isFields, type Value } from "../../tahoe/value.ts";

/** The members of a list that are objects; one object stands for a list of itself. */
export function fieldsIn(value: Value | undefined): readonly Fields[] {
  if (isFields(value)) return [value];
  return Array.isArray(value) ? value.filter((member) => isFields(member)) : [];
}

/**
 * A text without blanks around it, a number or boolean as text. Undefined if it is something else,
 * empty, or cannot be stored since it has a lone surrogate.
 */
export function textOf(value: Value | undefined): string | undefined {
  if (value === undefined || value === null || typeof value === "object") return undefined;
  const text = String(value).trim();
  return text !== "" && text.isWellFormed() ? text : undefined;
}

/** MISP writes booleans as such, as `1`, and as `"1"`. */
export function isSet(value: Value | undefined): boolean {
  return value === true || value === 1n || value === "1";
}

/**
 * Seconds since 1970 that a MISP time gives, `"1603642920"`. Undefined for 0, which MISP writes for
 * "never", and for what is no time.
 */
export function timeOf(value: Value | undefined): number | undefined {
  const text = textOf(value);
  if (text === undefined || !/^[0-9]{1,12}(?:\.[0-9]{1,9})?$/.test(text)) return undefined;
  return Number(text) || undefined;
}
