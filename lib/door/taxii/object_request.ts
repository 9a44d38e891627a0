import { Buffer } from "node:buffer";
import { Refusal } from "../refusal.ts";
import { readParameters } from "../parameters.ts";
import type { AddedTime, Graph } from "../../graph/graph.ts";
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
export async function readObjectRequest(
  url: string,
  graph: Pick<Graph, "firstAdded" | "serialAt">,
): Promise<ObjectRequest> {
  const parameters = readParameters(url, NAMES);
  const { added_after, limit, next } = parameters;
  const match = FILTERS.map((name) => [name, parameters[`match[${name}]`]?.split(",")] as const)
    .filter(([, values]) => values !== undefined);
  return {
    start: next !== undefined
      ? readCursor(next)
      : added_after === undefined
      ? BEGINNING
      : await cursorAfter(readTime(added_after), graph),
    limit: limit === undefined ? MOST_OBJECTS : readLimit(limit),
    match: Object.fromEntries(match),
  };
}

function readLimit(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Math.min(MOST_OBJECTS, Number(text));
  throw new Refusal(400, "Cannot read limit: give a whole number of objects, from 1");
}

/** The place after which everything was added later than a time. */
async function cursorAfter(
  time: AddedTime,
  graph: Pick<Graph, "firstAdded" | "serialAt">,
): Promise<Cursor> {
  const [after, first = 0] = await Promise.all([graph.serialAt(time), graph.firstAdded()]);
  return { from: after, after, skip: 0, hasCommon: time >= first };
}

/** Reads a time to the microsecond: what is finer, no object has. */
function readTime(text: string): AddedTime {
  const [, seconds, fraction = ""] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?Z$/.exec(text) ??
    [];
  const time = Date.parse(`${seconds}Z`);
  // The platform takes 30 February for 1 March.
  if (Number.isNaN(time) || !new Date(time).toISOString().startsWith(seconds!)) {
    throw new Refusal(400, "Cannot read added_after: give a time such as 2026-03-14T03:00:02Z");
  }
  return time * 1000 + Number(fraction.slice(0, 6).padEnd(6, "0"));
}

/** Writes a place, for clients to send back as it is. */
export function writeCursor({ from, after, skip, hasCommon }: Cursor): string {
  return Buffer.from(JSON.stringify([from, after, skip, hasCommon])).toString("base64url");
}

function readCursor(text: string): Cursor {
  try {
    const parts: unknown = JSON.parse(Buffer.from(text, "base64url").toString());
    if (isCursor(parts)) {
      const [from, after, skip, hasCommon] = parts;
      return { from, after, skip, hasCommon };
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new Refusal(400, "Cannot read next: take it from the response before");
}

function isCursor(parts: unknown): parts is readonly [string, string, number, boolean] {
  if (!Array.isArray(parts) || parts.length !== 4) return false;
  const [from, after, skip, hasCommon] = parts;
  return [from, after].every(isSerial) && Number.isSafeInteger(skip) && skip >= 0 &&
    typeof hasCommon === "boolean";
}

function isSerial(part: unknown): boolean {
  return typeof part === "string" && /^(?:|[0-9a-f]{24}|\d{16})$/.test(part);
}
