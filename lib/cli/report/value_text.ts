import { writeJson } from "../../tahoe/json.ts";
import type { Value } from "../../tahoe/value.ts";

/** Writes a value as text: strings as they are, everything else as JSON. */
export function valueText(value: Value): string {
  return typeof value === "string" ? value : writeJson(value);
}
