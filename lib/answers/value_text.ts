import { writeJson } from "../tahoe/json.ts";
import type { Value } from "../tahoe/value.ts";

/** Writes a value as text: strings as they are, everything else as JSON. */
export function valueText(value: Value): string {
  return typeof value === "string" ? value : writeJson(value);
}

/** Most characters of a value that a picture shows. */
const MAX_CHARACTERS = 80;

/** Writes a value as the label of a node in a picture: a long one is cut off. */
export function labelText(value: Value): string {
  const text = valueText(value);
  const characters = [...text.slice(0, 2 * MAX_CHARACTERS)];
  if (characters.length <= MAX_CHARACTERS) return text;
  return `${characters.slice(0, MAX_CHARACTERS - 1).join("")}…`;
}
