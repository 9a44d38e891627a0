import type { Fields, Value } from "../../tahoe/value.ts";
import { keyError } from "../key_error.ts";
import { Refusal } from "../refusal.ts";

/**
 * Returns a field of a request.
 *
 * @throws {Refusal} 400 when it is missing.
 */
export function requiredField(fields: Fields, name: string): Value {
  const value = fields[name];
  if (value === undefined) throw new Refusal(400, keyError(name));
  return value;
}

/**
 * Returns a field of a request that must be a string.
 *
 * @throws {Refusal} 400 when it is missing or something else.
 */
export function stringField(fields: Fields, name: string): string {
  const value = requiredField(fields, name);
  if (typeof value === "string") return value;
  throw new Refusal(400, `Invalid input: ${name} is not a string!`);
}

/**
 * Reads a list of strings; one string is a list of it alone.
 *
 * @throws {Refusal} 400 with the message when it is neither.
 */
export function stringList(value: Value, message: string): readonly string[] {
  const list = Array.isArray(value) ? value : [value];
  if (list.every((member) => typeof member === "string")) return list;
  throw new Refusal(400, message);
}
