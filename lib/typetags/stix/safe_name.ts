import type { Value } from "../../tahoe/value.ts";

/** A type or property name for counting. Names that STIX does not allow may be long or unprintable. */
export function safeName(name: Value | undefined): string {
  return typeof name === "string" && /^[A-Za-z0-9_.-]{1,80}$/.test(name) ? name : "(no name)";
}
