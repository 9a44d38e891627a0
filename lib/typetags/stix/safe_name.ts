import type { Value } from "../../tahoe/value.ts";

/** A type or property as it may be counted by: what is no name may be anything, of any length. */
export function safeName(name: Value | undefined): string {
  return typeof name === "string" && /^[A-Za-z0-9_.-]{1,80}$/.test(name) ? name : "(no name)";
}
