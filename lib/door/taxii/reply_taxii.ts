import { jsonLine } from "../../json_text.ts";
import type { AddedTime } from "../../graph/graph.ts";
import type { Fields } from "../../tahoe/value.ts";
import type { Refusal } from "../refusal.ts";
import { BASIC_OR_BEARER } from "../problem.ts";
import { timestamp } from "./match.ts";
import type { AddedObject } from "./added_object.ts";

const TAXII_TYPE = "application/taxii+json;version=2.1";

/** Makes a response of JSON; of objects, with the times when the first and last were added. */
export function replyTaxii(
  body: Fields | { readonly more?: boolean; readonly objects?: readonly unknown[] },
  added: readonly AddedObject[] = [],
): Response {
  const headers = new Headers({ "content-type": TAXII_TYPE });
  const [first] = added;
  if (first !== undefined) {
    headers.set("x-taxii-date-added-first", timestamp(first.added));
    headers.set("x-taxii-date-added-last", timestamp(lastAdded(added, body["more"] === true)));
  }
  return new Response(jsonLine(body), { headers });
}

/**
 * When the last objects were added. If there are more, some may have the time of the very last: then it
 * is the one before, so that a client that goes on with it misses nothing.
 */
function lastAdded(objects: readonly AddedObject[], hasMore: boolean): AddedTime {
  const { added: last } = objects.at(-1)!;
  const before = hasMore ? objects.findLast(({ added }) => added < last) : undefined;
  return before?.added ?? last;
}

/** Makes the response to a refused request. */
export function taxiiError({ status, message, retryAfter }: Refusal): Response {
  const headers = new Headers({ "content-type": TAXII_TYPE });
  if (retryAfter !== undefined) headers.set("retry-after", String(retryAfter));
  if (status === 401) headers.set("www-authenticate", BASIC_OR_BEARER);
  const body = { title: message, http_status: String(status) };
  return new Response(jsonLine(body), { status, headers });
}
