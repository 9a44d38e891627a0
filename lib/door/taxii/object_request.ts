import { Buffer } from "node:buffer";
import { Refusal } from "../refusal.ts";
import { readParameters } from "../parameters.ts";
import type { Marks } from "./marks.ts";
import type { Match } from "./match.ts";
import { BEGINNING, type Cursor } from "./object_pages.ts";

/** The most objects on a page, and as many as there are if nobody asks for fewer. */
const MOST_OBJECTS = 1000;

const FILTERS = ["id", "type", "version", "spec_version"] as const;

const NAMES = ["added_after", "limit", "next", ...FILTERS.map((name) => `match[${name}]`)];

/** Which objects a client asks for. */
export type ObjectRequest = {
  readonly start: Cursor;
  readonly limit: number;
  readonly match: Match;
};

/**
 * Reads the parameters of a request for objects.
 *
 * @throws {Refusal} 400 when they cannot be read.
 */
export function readObjectRequest(url: string, marks: Marks): ObjectRequest {
  const parameters = readParameters(url, NAMES);
  const { added_after, limit, next } = parameters;
  const match = FILTERS.map((name) => [name, parameters[`match[${name}]`]?.split(",")] as const)
    .filter(([, values]) => values !== undefined);
  return {
    start: next !== undefined
      ? readCursor(next)
      : added_after === undefined
      ? BEGINNING
      : cursorAfter(added_after, marks),
    limit: limit === undefined ? MOST_OBJECTS : readLimit(limit),
    match: Object.fromEntries(match),
  };
}

function readLimit(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Math.min(MOST_OBJECTS, Number(text));
  throw new Refusal(400, "Cannot read limit: give a whole number of objects, from 1");
}

/** The place after which everything was added later than a time. */
function cursorAfter(text: string, marks: Marks): Cursor {
  const time = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(time)) {
    throw new Refusal(400, "Cannot read added_after: give a time such as 2026-03-14T03:00:02Z");
  }
  return { after: marks.serialAt(time), skip: 0, hasCommon: time >= marks.timeOf("") };
}

/** Writes a place, for clients to send back as it is. */
export function writeCursor({ after, skip, hasCommon }: Cursor): string {
  return Buffer.from(JSON.stringify([after, skip, hasCommon])).toString("base64url");
}

function readCursor(text: string): Cursor {
  try {
    const parts: unknown = JSON.parse(Buffer.from(text, "base64url").toString());
    if (isCursor(parts)) {
      const [after, skip, hasCommon] = parts;
      return { after, skip, hasCommon };
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new Refusal(400, "Cannot read next: take it from the response before");
}

function isCursor(parts: unknown): parts is readonly [string, number, boolean] {
  if (!Array.isArray(parts) || parts.length !== 3) return false;
  const [after, skip, hasCommon] = parts;
  return typeof after === "string" && /^(?:|[0-9a-f]{24}|\d{16})$/.test(after) &&
    Number.isSafeInteger(skip) && skip >= 0 && typeof hasCommon === "boolean";
}
