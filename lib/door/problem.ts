import type { Refusal } from "./refusal.ts";
import { reply } from "./reply.ts";

const TITLES: { readonly [status: number]: string } = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  406: "Not Acceptable",
  408: "Request Timeout",
  409: "Conflict",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  429: "Too Many Requests",
  500: "Internal Server Error",
  503: "Service Unavailable",
};

/** Names the schemes of the header Authorization to a client that sent none, or a wrong token. */
export const BASIC_OR_BEARER = 'Bearer, Basic realm="cybexp", charset="UTF-8"';

/** Makes the response to a refused request, as RFC 9457 says. */
export function problem({ status, message, retryAfter }: Refusal): Response {
  const fields = { title: TITLES[status] ?? "Error", status: BigInt(status), detail: message };
  const response = reply(status, fields, "application/problem+json");
  if (retryAfter !== undefined) response.headers.set("retry-after", String(retryAfter));
  if (status === 401) {
    response.headers.set("www-authenticate", BASIC_OR_BEARER);
  }
  return response;
}
