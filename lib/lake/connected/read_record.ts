import { bsonSize } from "../../tahoe/bson.ts";
import { parseJson } from "../../tahoe/json.ts";
import type { Value } from "../../tahoe/value.ts";
import type { CompactLog } from "./compact_log.ts";
import type { Span } from "./json_walker.ts";

/** What a record must keep so that a part with it can be stored: two levels are around it there. */
const JSON_LIMITS = { maxDepth: 60, maxDigits: 20 };

/**
 * Reads a record of an upload.
 *
 * @throws {SyntaxError} when it is not JSON.
 * @throws {TypeError} when it is not UTF-8.
 * @throws {RangeError} when no document can hold it.
 */
export function readRecord(log: CompactLog, span: Span): Value {
  const value = parseJson(readText(log, span), JSON_LIMITS);
  bsonSize(value);
  return value;
}

/** The text of a place. @throws {TypeError} when it is not UTF-8. */
export function readText(log: CompactLog, span: Span): string {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(log.read(span));
}

/** Why a record cannot be read, from what {@link readRecord} threw. */
export function readFault(error: unknown): string {
  if (error instanceof RangeError) return error.message;
  if (error instanceof SyntaxError) return "it is not JSON";
  if (error instanceof TypeError) return "it is not UTF-8 text";
  throw error;
}

/** Bytes at the start of a record in which an id is looked for. */
const START_BYTES = 4096;

/** The id of a record that cannot be read, as far as it is at the start; otherwise its number. */
export function guessId(log: CompactLog, { start, length }: Span, number: number): string {
  const bytes = log.read({ start, length: Math.min(length, START_BYTES) });
  const text = new TextDecoder().decode(bytes);
  return /"(?:id|uuid)"\s*:\s*"([\w.-]{1,200})"/.exec(text)?.[1] ?? `record ${number}`;
}
