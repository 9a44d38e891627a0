import type { Value } from "../../tahoe/value.ts";
import { reply } from "../reply.ts";

/**
 * Makes a response of JSON that every parser reads. Numbers that JSON cannot say, which uploads of
 * Python programs may contain, are null.
 */
export function standardReply(status: number, value: Value): Response {
  return reply(status, withoutNonFinite(value));
}

function withoutNonFinite(value: Value): Value {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutNonFinite);
  const fields = Object.entries(value).map(([name, each]) => [name, withoutNonFinite(each)]);
  return Object.fromEntries(fields);
}
