import { writeJson } from "../../tahoe/json.ts";
import type { Value } from "../../tahoe/value.ts";

/** Writes a value as text: strings as they are, everything else as JSON. */
export function valueText(value: Value): string {
  return typeof value === "string" ? value : writeJson(value);
}

/** Most characters of a value that a table shows. */
const MAX_CHARACTERS = 80;

/**
 * Writes a value for people: strings as they are, other values as JSON; long ones are truncated.
 */
export function formatValue(value: Value): string {
  return truncate(valueText(value));
}

/** Cuts off what a table does not show of a long text. */
export function truncate(text: string): string {
  const characters = [...text.slice(0, 2 * MAX_CHARACTERS)];
  if (characters.length <= MAX_CHARACTERS) return text;
  return `${characters.slice(0, MAX_CHARACTERS - 1).join("")}…`;
}
