import { Rejected } from "../errors.ts";
import { bsonSize, MAX_DOCUMENT } from "../tahoe/bson.ts";
import type { Raw } from "../tahoe/instance.ts";
import { parseJson } from "../tahoe/json.ts";
import { raw } from "../tahoe/raw.ts";
import type { Value } from "../tahoe/value.ts";
import { builtInTypetags } from "../typetags/typetags.ts";

/** Room for the fields around the data, and for the sources of some hundred later uploads. */
const ROOM_FOR_FIELDS = 64 * 1024;

// 2**63 has 19 digits; a sign is one more.
const JSON_LIMITS = { maxDepth: 64, maxDigits: 20, maxSize: MAX_DOCUMENT };

/** Whether an archive takes a typetag: built in, added by the configuration, or `"*"` for all. */
export function isSupported(typetag: string, added: readonly string[]): boolean {
  return builtInTypetags.includes(typetag) || added.includes(typetag) ||
    added.includes("*");
}

/**
 * The Raw of an upload's plaintext. Text that is not JSON, or JSON that cannot be stored exactly or
 * whole (nested deeper than 64, canonical form over 16 MiB, whole numbers beyond 64 bits, lone
 * surrogates, NUL in a name), becomes `{"data": <the text>}`.
 *
 * Throws Rejected DOCUMENT_TOO_LARGE if even that does not fit a document.
 */
export function parsePlaintext(
  typetag: string,
  orgid: string,
  timezone: string | null,
  text: string,
): Raw {
  const value = readJson(text);
  const parsed = value === undefined ? undefined : fitting(typetag, orgid, timezone, value);
  const result = parsed ?? fitting(typetag, orgid, timezone, { data: text });
  if (result !== undefined) return result;
  throw new Rejected(
    "DOCUMENT_TOO_LARGE",
    "The data is too large for one document of 16 MiB. Split it into several uploads",
  );
}

function readJson(text: string): Value | undefined {
  try {
    return parseJson(text, JSON_LIMITS);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

function fitting(
  typetag: string,
  orgid: string,
  timezone: string | null,
  data: Value,
): Raw | undefined {
  try {
    if (bsonSize(data) > MAX_DOCUMENT - ROOM_FOR_FIELDS) return undefined;
    return raw(typetag, data, orgid, timezone);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
