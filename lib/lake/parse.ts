import { Rejected } from "../errors.ts";
import { bsonSize, MAX_DOCUMENT_BYTES } from "../tahoe/bson.ts";
import type { Raw, Source } from "../tahoe/instance.ts";
import { parseJson } from "../tahoe/json.ts";
import { jsonSize } from "../tahoe/json_size.ts";
import { raw } from "../tahoe/raw.ts";
import type { Value } from "../tahoe/value.ts";
import { BUILT_IN_TYPETAGS, REPEATED_LISTS } from "../typetags/typetags.ts";
import type { DecodedUpload } from "./decode.ts";

/** An upload whose envelope was opened and whose plaintext became a Raw. */
export type ParsedUpload = {
  readonly raw: Raw;
  readonly source: Source;
  /** Name of the file, if it is imported. */
  readonly file?: string;
  /** What had to be guessed of its text, by name, and how often: see {@link DecodedUpload}. */
  readonly skipped?: DecodedUpload["skipped"];
};

/** What a Raw says besides its data: its typetag, who sent it, and its time zone. */
export type RawFields = {
  readonly typetag: string;
  readonly orgid: string;
  readonly timezone: string | null;
};

/** Bytes for the fields around the data, and for the sources of some hundred later uploads. */
const ROOM_FOR_FIELDS = 64 * 1024;

/** The most bytes of a Raw's data in BSON. */
const MAX_DATA_BYTES = MAX_DOCUMENT_BYTES - ROOM_FOR_FIELDS;

/** The most bytes of a text that always fits a Raw, whatever it says: not as JSON, then as text. */
export const SURE_TEXT_BYTES = MAX_DATA_BYTES - bsonSize({ data: "" });

// 2**63 has 19 digits; a sign is one more.
const JSON_LIMITS = { maxDepth: 64, maxDigits: 20, maxSize: MAX_DOCUMENT_BYTES };

/** Whether an archive takes a typetag: built in, added by the configuration, or `"*"` for all. */
export function isSupported(typetag: string, added: readonly string[]): boolean {
  return BUILT_IN_TYPETAGS.includes(typetag) || added.includes(typetag) ||
    added.includes("*");
}

/**
 * The Raw of an upload's plaintext. Text that is not JSON becomes `{"data": <the text>}`, and so does
 * JSON that cannot be stored exactly and whole: nested deeper than 64, canonical form over 16 MiB,
 * whole numbers beyond 64 bits, lone surrogates, NUL in a name. Of equal keys in an object the last
 * wins, except for the lists of MISP and STIX: see {@link REPEATED_LISTS}.
 *
 * @throws {Rejected} DOCUMENT_TOO_LARGE when even the text does not fit a document.
 */
export function parsePlaintext(text: string, fields: RawFields): Raw {
  const value = parseStorable(text, fields.typetag);
  const parsed = value === undefined ? undefined : makeRaw(value, fields);
  const result = parsed ?? makeRaw({ data: text }, fields);
  if (result !== undefined) return result;
  throw new Rejected(
    "DOCUMENT_TOO_LARGE",
    "The data is too large for one document of 16 MiB. Split it into several uploads",
  );
}

/**
 * Whether a text is JSON that a document can hold as such, told without keeping anything of it. Of JSON
 * that only fits because names or members of lists are repeated, it says no.
 */
export function isStorableJson(text: string, typetag: string): boolean {
  try {
    const unique = REPEATED_LISTS.get(typetag);
    const { bson } = jsonSize(text, { ...JSON_LIMITS, ...(unique !== undefined && { unique }) });
    return bson <= MAX_DATA_BYTES;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return false;
    throw error;
  }
}

function parseStorable(text: string, typetag: string): Value | undefined {
  try {
    const joined = REPEATED_LISTS.get(typetag);
    return parseJson(text, { ...JSON_LIMITS, ...(joined !== undefined && { joined }) });
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Undefined if the data does not fit a document. */
function makeRaw(data: Value, { typetag, orgid, timezone }: RawFields): Raw | undefined {
  try {
    if (bsonSize(data) > MAX_DATA_BYTES) return undefined;
    return raw(typetag, data, { orgid, timezone });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
