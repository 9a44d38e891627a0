import { HASH_LENGTHS } from "./hash_name.ts";
import { refang } from "./refang.ts";

/** Brackets around a whole value; those of an IPv6 address belong to it. */
const BRACKETS = /^<(.*)>$|^\((.*)\)$|^\[([^:\]]*)\]$/s;

/**
 * Characters that nobody sees, which pages put between letters so that lines break there, or around
 * values to set the direction of writing.
 */
const INVISIBLE = /[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g;

/** Marks that join letters, or not: part of names in some scripts, but not at an end. */
const JOINERS_AT_END = /^[\u200c\u200d]+|[\u200c\u200d]+$/g;

const QUOTED = /^(?:(["'`])(.*)\1|[“”„‟«»](.*)[“”«»]|[‘’‚‛‹›](.*)[‘’‹›])[.,;]?$/s;

/** What stands before an item of a list. */
const BULLET = /^[-*•·‣◦–—>]\s+/;

/** Marks of a sentence or table behind a value that cannot end with them. */
const MARKS_BEHIND = /(?<=[\p{L}\p{N}])(?:[!?…|\\]+|(?<!:):)$/u;

/** Hex digits in groups, as viewers of certificates and files show a hash, or behind `0x`. */
const GROUPED_HASH =
  /^(?:0x[0-9a-f]+|[0-9a-f]{2}(?:[: ][0-9a-f]{2})+|[0-9a-f]{4,8}(?: [0-9a-f]{4,8})+)$/i;

/** What no URL contains, but text around one. */
const BEHIND_URL = /[>"”»<]+$/;

/** Letters and marks of twice the width, as they are typed in East Asia, and their full stops. */
const WIDE = /[\uff01-\uff5e]/g;
const WIDE_STOP = /[。․｡]/g;

/**
 * A pasted value without invisible characters, without the quotes, brackets, list separators and
 * full stop around it, and no longer defanged.
 */
export function unwrap(text: string): string {
  const bare = text.replace(INVISIBLE, "").trim().replace(JOINERS_AT_END, "")
    .replace(BULLET, "")
    .replace(QUOTED, (_, _mark, plain, double, single) => plain ?? double ?? single)
    .replace(BRACKETS, (_, angle, round, square) => angle ?? round ?? square)
    .replace(/^\|\|(.+)\^$/, "$1");
  const plain = refang(bare.includes("://") ? bare : bare.replace(/[,;]+$/, "")).trim();
  return withoutFullStop(withoutClosingBracket(withoutMarks(joinedHash(asAscii(asUrl(plain))))));
}

/** A URL that was encoded as a whole, has backslashes, or a blank behind its scheme, as it was meant. */
function asUrl(text: string): string {
  const scheme = /^([a-z][a-z0-9+.-]*)(?::\/\/ +|:\\\\|%3a%2f%2f)(.*)$/is.exec(text);
  if (scheme === null) return text;
  const [whole, name, rest] = scheme;
  if (/^[^:]*%3a/i.test(whole)) return decoded(whole);
  return refang(`${name}://${whole.includes(":\\\\") ? rest!.replaceAll("\\", "/") : rest}`);
}

/** The text without percent-encoding; as it stands if that is damaged. */
function decoded(text: string): string {
  try {
    return refang(decodeURIComponent(text));
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}

/** Wide letters and marks as plain ones, but not in paths, of which they may be a part. */
function asAscii(text: string): string {
  if (text.includes("/")) return text;
  return text.replace(WIDE_STOP, ".").replace(
    WIDE,
    (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0),
  );
}

/** A hash whose digits are in groups, as one word; other text as it stands. */
function joinedHash(text: string): string {
  if (!GROUPED_HASH.test(text)) return text;
  const digits = text.replace(/^0x/i, "").replaceAll(/[: ]/g, "");
  return HASH_LENGTHS.has(digits.length) && /[a-f]/i.test(digits) ? digits : text;
}

/** Drops marks behind a value: of a URL those that it cannot contain. */
function withoutMarks(text: string): string {
  if (text.includes("://")) return text.replace(BEHIND_URL, "");
  return text.includes("/") ? text : text.replace(MARKS_BEHIND, "");
}

/** Drops the bracket behind a value, if it was not opened in it. */
function withoutClosingBracket(text: string): string {
  return /^[^()[\]]*[)\]][.,;]?$/.test(text) ? text.replace(/[)\]][.,;]?$/, "") : text;
}

/** What cannot end with a full stop: mail and IPv4 addresses, hashes, AS numbers, CVE ids. */
const WITHOUT_STOP = /^(?:[0-9.]+|[^\s@]+@[^\s@]+|[0-9a-f]{32,128}|asn?\s?[0-9]+|cve-[0-9-]+)$/i;

/** Drops the full stop where a sentence ended. */
function withoutFullStop(text: string): string {
  const rest = text.slice(0, -1);
  if (!text.endsWith(".") || rest.endsWith(".")) return text;
  return rest.includes("://") || WITHOUT_STOP.test(rest) ? rest : text;
}
