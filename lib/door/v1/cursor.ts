import { Buffer } from "node:buffer";
import type { Details, Report } from "../../tahoe/instance.ts";
import type { Fields } from "../../tahoe/value.ts";
import { Refusal } from "../refusal.ts";

/** A bound in seconds since 1970; null if there is none. */
type Bound = number | null;

/**
 * Makes the cursor of the next page; undefined if there is none. It keeps the range of the first page,
 * so that events which come later do not move what is on the pages.
 */
export function nextCursor(
  { current_page, next_page, details }: Report & { readonly details?: Details },
): string | undefined {
  if (details === undefined || !(Number(next_page) > Number(current_page))) return undefined;
  const { from, to } = details.range;
  return Buffer.from(JSON.stringify([Number(next_page), from, to])).toString("base64url");
}

/**
 * Reads the fields of query data for which a cursor stands.
 *
 * @throws {Refusal} 400 when it is not one that {@link nextCursor} made.
 */
export function readCursor(cursor: string): Fields {
  const [page, from, to] = parseCursor(cursor);
  return {
    page: BigInt(page),
    ...(from !== null && { from: String(from) }),
    ...(to !== null && { to: String(to) }),
  };
}

function parseCursor(cursor: string): readonly [page: number, from: Bound, to: Bound] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString());
    if (isCursor(parts)) return parts;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new Refusal(400, "Cannot read the cursor: take it from the field next of the page before");
}

function isCursor(parts: unknown): parts is readonly [number, Bound, Bound] {
  if (!Array.isArray(parts) || parts.length !== 3) return false;
  const [page, ...bounds] = parts;
  return Number.isSafeInteger(page) && page > 0 &&
    bounds.every((bound) => bound === null || Number.isFinite(bound));
}
