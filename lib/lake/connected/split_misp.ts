import { parseJson, quote } from "../../tahoe/json.ts";
import { CompactLog } from "./compact_log.ts";
import { type ConnectedLimits, type ConnectedPart, tooLarge } from "./connected_part.ts";
import { findSpans } from "./find_spans.ts";
import { splitEvent } from "./split_event.ts";
import { MispFinder, type MispUnit } from "./misp_finder.ts";
import { guessId, readFault, readText } from "./read_record.ts";

/**
 * Splits MISP JSON of any size: between its events, or attributes and objects that a search found, into
 * arrays of them, and an event that is larger than a part between its members. The events of all parts
 * together are those of the whole.
 *
 * @throws {Rejected} ENTRY_INVALID when it is not JSON.
 */
export async function* splitMisp(
  stream: AsyncIterable<Uint8Array>,
  limits: ConnectedLimits,
): AsyncIterable<ConnectedPart> {
  const { partBytes, maxBytes } = limits;
  const log = new CompactLog();
  const finder = new MispFinder(log, partBytes);
  await findSpans(stream, { log, finder });
  const encoder = new TextEncoder();
  let units: string[] = [];
  let size = 0;
  for (const [index, one] of finder.found.entries()) {
    const isLarge = one.kind === "large event";
    if (!isLarge && one.length > maxBytes) {
      yield tooLarge(guessId(log, one, index + 1), one.length, maxBytes);
      continue;
    }
    if (units.length > 0 && (isLarge || size + one.length > partBytes)) {
      yield encoder.encode(`[${units.join(", ")}]`);
      [units, size] = [[], 0];
    }
    if (isLarge) {
      yield* splitEvent(one, { log, ...limits });
      continue;
    }
    const unit = readUnit(one, log);
    if (typeof unit === "string") units.push(unit);
    else yield { record: guessId(log, one, index + 1), reason: unit.reason };
    size += one.length;
  }
  if (units.length > 0) yield encoder.encode(`[${units.join(", ")}]`);
}

/**
 * The JSON of something that can be imported by itself. What is not JSON becomes a string of JSON, so
 * that it is one rejected record.
 */
function readUnit(unit: MispUnit, log: CompactLog): string | { readonly reason: string } {
  try {
    const text = readText(log, unit);
    if (!isJson(text)) return quote(text);
    return unit.kind === "record" ? text : `{"${unit.kind}": ${text}}`;
  } catch (error) {
    return { reason: readFault(error) };
  }
}

/** @throws {RangeError} when it is nested too deeply: two levels are around it in a part. */
function isJson(text: string): boolean {
  try {
    parseJson(text, { maxDepth: 60 });
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
