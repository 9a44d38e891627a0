import { createHash } from "node:crypto";
import { canonicalForm, canonicalTextPieces } from "./canonical.ts";
import { writeFloat } from "./json.ts";
import type { Event, Hash, Instance, Report, TahoeObject } from "./instance.ts";
import { type Fields, isFields, type Value } from "./value.ts";

/** Tells whether a string is a hash: 64 lower-case hex digits. */
export function isHash(string: string): boolean {
  return /^[0-9a-f]{64}$/.test(string);
}

/**
 * SHA-256 of a string's UTF-8 bytes, in hexadecimal.
 *
 * @throws {RangeError} when the string contains a lone surrogate.
 */
export function sha256(string: string): Hash {
  if (!string.isWellFormed()) {
    throw new RangeError("Cannot hash a string with a lone surrogate: it has no UTF-8 form");
  }
  // createHash takes 2 µs for a short string, where crypto.subtle.digest takes 20 to 40.
  return createHash("sha256").update(string, "utf8").digest("hex");
}

/** Characters from which on a Raw's text is hashed in pieces: its form may be ten times as long. */
const LONG_TEXT = 1024 ** 2;

/** Hash of an attribute, object, session or Raw, which is known by its content alone. */
export function contentHash(itype: string, subType: string, data: Value): Hash {
  const text = itype === "raw" ? textOf(data) : undefined;
  return text === undefined || text.length < LONG_TEXT
    ? sha256(itype + subType + canonicalForm(data))
    : longTextHash(itype + subType, text);
}

/** The text that a Raw holds instead of JSON: `{"data": <the text>}`. */
function textOf(data: Value): string | undefined {
  if (!isFields(data) || Object.keys(data).length !== 1) return undefined;
  return typeof data["data"] === "string" ? data["data"] : undefined;
}

/** The same hash, without ever holding a canonical form that could be longer than its limit. */
function longTextHash(start: string, text: string): Hash {
  const hash = createHash("sha256").update(start, "utf8");
  for (const piece of canonicalTextPieces(text)) hash.update(piece, "latin1");
  return hash.digest("hex");
}

/** Hash of an event: category and contexts are left out. */
export function eventHash(
  { sub_type, orgid, timestamp, data }: Pick<Event, "sub_type" | "orgid" | "timestamp" | "data">,
): Hash {
  return sha256("event" + sub_type + orgid + writeTimestamp(timestamp) + canonicalForm(data));
}

/** Python's `str` of a float, which, unlike JSON, writes `nan` and `inf` in small letters. */
function writeTimestamp(timestamp: number): string {
  if (Number.isFinite(timestamp)) return writeFloat(timestamp);
  return Number.isNaN(timestamp) ? "nan" : timestamp > 0 ? "inf" : "-inf";
}

/**
 * Hash of a report. Each user and page has a report of its own: the existing system leaves these
 * three fields out of the hash. Details, which it does not know, are part of it too.
 */
export function reportHash(
  { sub_type, data, userid, current_page, next_page, details }: Pick<
    Report,
    "sub_type" | "data" | "userid" | "current_page" | "next_page" | "details"
  >,
): Hash {
  const written = details === undefined ? "" : canonicalForm(details as Fields);
  return sha256(
    "report" + sub_type + canonicalForm(data) + userid + current_page + next_page + written,
  );
}

/** Hash of a user or organisation, known by e-mail address or orgname alone. */
export function identityHash(subType: string, name: string): Hash {
  return sha256("object" + subType + name);
}

/** Hash of a query: the same for the same question, user and hour. */
export function queryHash(
  { qtype, qhash, userid, timestamp }: {
    readonly qtype: string;
    readonly qhash: string;
    readonly userid: string;
    /** Seconds since 1970, UTC. */
    readonly timestamp: number;
  },
): Hash {
  const hour = Math.floor(Math.trunc(timestamp) / 3600);
  return sha256("objectquery" + qtype + qhash + userid + hour);
}

/**
 * Computes an instance's hash from its content; in a sound store it equals `_hash`.
 *
 * @throws {TypeError} when the document lacks something that its hash is made of.
 */
export function computeHash(instance: Instance): Hash {
  switch (instance.itype) {
    case "event":
      return eventHash(instance);
    case "report":
      return reportHash(instance);
    case "object":
      return objectHash(instance);
    default:
      return contentHash(instance.itype, instance.sub_type, instance.data);
  }
}

function objectHash(object: TahoeObject): Hash {
  const { sub_type: subType, data } = object;
  switch (subType) {
    case "cybexp_user":
    case "cybexp_superuser":
      return identityHash(subType, firstString(object, "email_addr"));
    case "cybexp_org":
      return identityHash(subType, firstString(object, "orgname"));
    case "query":
      return queryHash({
        qtype: firstString(object, "qtype"),
        qhash: firstString(object, "qhash"),
        userid: firstString(object, "userid"),
        timestamp: Number(data["timestamp"]?.[0]),
      });
    default:
      return contentHash("object", subType, data);
  }
}

function firstString(object: TahoeObject, subType: string): string {
  const value = object.data[subType]?.[0];
  if (typeof value === "string") return value;
  throw new TypeError(
    `Cannot hash object ${object._hash} of type ${object.sub_type}: its ${subType} is not a string`,
  );
}
