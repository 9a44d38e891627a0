import { writeJson } from "../tahoe/json.ts";
import type { Value } from "../tahoe/value.ts";
import type { Refusal } from "./refusal.ts";

/** Makes a response of JSON, with whole numbers in full. */
export function reply(status: number, value: Value, type = "application/json"): Response {
  return new Response(writeJson(value), { status, headers: { "content-type": type } });
}

/** Makes the response to a refused request, in the form that clients of the Python API read. */
export function replyRefusal({ status, message, retryAfter }: Refusal): Response {
  const response = reply(status, { message });
  if (retryAfter !== undefined) response.headers.set("retry-after", String(retryAfter));
  return response;
}
