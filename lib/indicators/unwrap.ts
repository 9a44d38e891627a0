import { withWholeScheme } from "./broken_scheme.ts";
import { joinedHash } from "./grouped_hash.ts";
import { linkAddress } from "./link_markup.ts";
import { refang } from "./refang.ts";

/** Brackets around a whole value; those of an IPv6 address belong to it. */
const BRACKETS =
  /^(?:<([^<]*)>|\((.*)\)|\[([^:\]]*|[a-z][a-z0-9+.*-]{1,30}:\/\/[^\]]*)\]|\{([^{}]*)\}|[（「『【《〈](.*)[）」』】》〉])[.,;:!?…。、]*$/is;

/**
 * Characters that nobody sees, which pages put between letters so that lines break there, or around
 * values to set the direction of writing.
 */
const INVISIBLE = /[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g;

/** Hyphens that word processors write in place of the one of names. */
const TYPESET_HYPHEN = /(?<=[\p{L}\p{N}])[\u2010\u2011](?=[\p{L}\p{N}])/gu;

/** Marks that join letters, or not: part of names in some scripts, but not at an end. */
const JOINERS_AT_END = /^[\u200c\u200d]+|(?<![\u200c\u200d])[\u200c\u200d]+$/g;

const QUOTED = /^(?:(["'`])(.*)\1|[“”„‟«»](.*)[“”«»]|[‘’‚‛‹›](.*)[‘’‹›])[.,;:!?…]*$/s;

/** What stands before an item of a list. */
const BULLET = /^(?:[-*•·‣◦▪●–—>→]|[-=]>|\(?[0-9]{1,3}[.)])\s+/;

/** Signs for bold and italic text around a value, as in Markdown. */
const EMPHASIS = /^([*_]{1,3})([^\s*_].*[^\s*_])\1$/s;

/** A quotation mark before a value that none closes. */
const OPEN_QUOTE = /^["'`“”„«](?=[^"'`“”«»]*$)/;

/** Marks of a sentence, quotation or table behind a value that cannot end with them. */
const MARKS_BEHIND = /(?<=[\p{L}\p{N}\]]|::)(?!::|\.$)[!?…–—|\\,;:.！？、，：；]+$/u;
/** The same, with quotes and brackets that were not opened before. */
const BRACKETS_BEHIND = /(?<=[\p{L}\p{N}]|::)(?!::|\.$)[)\]>!?…–—|\\"'”’»,;:.！？、，：；]+$/u;

/** A link in Markdown, which has a text and an address. */
const MARKDOWN_LINK = /^!?\[[^\]]*\]\(<?([^\s<>]+?)>?(?:\s+"[^"]*")?\)[.,;:!?]?$/;

/** What no URL contains, but text around one. */
const NOT_IN_URL = /[>"”’»<…]/;
/** Characters behind a URL that go with one of these. */
const WITH_THEM = ">\"”’»<….,;:!?'";

/** Marks behind a URL that ends with its host or port. */
const BEHIND_HOST = /^([a-z][a-z0-9+.-]*:\/\/[^/?#]*?)(?<![.,;:!?'])[.,;:!?']+$/i;

/** A slash that is not the one before the prefix length of a network. */
const PATH = /\/(?![0-9]{1,3}[^0-9]*$)/;

/** Letters and marks of twice the width, as they are typed in East Asia, and their full stops. */
const WIDE = /[\uff01-\uff5e]/g;
const WIDE_STOP = /[。․｡]/g;
const WIDE_SCHEME = /^[ａ-ｚＡ-Ｚ]+[:：]/;

/**
 * A pasted value without invisible characters, without the quotes, brackets, list separators and
 * full stop around it, and no longer defanged.
 */
export function unwrap(text: string): string {
  const visible = text.replace(INVISIBLE, "").replace(TYPESET_HYPHEN, "-").trim().replace(
    JOINERS_AT_END,
    "",
  );
  const bare = linkAddress(visible.replace(BULLET, ""))
    .replace(QUOTED, (_, _mark, plain, double, single) => plain ?? double ?? single)
    .replace(OPEN_QUOTE, "")
    .replace(EMPHASIS, "$2")
    .replace(
      BRACKETS,
      (_, angle, round, square, curly, wide) => angle ?? round ?? square ?? curly ?? wide,
    )
    .replace(/^\|\|(.+)\^$/, "$1")
    .replace(MARKDOWN_LINK, "$1");
  const plain = refang(bare.includes("://") ? bare : bare.replace(/(?<![,;])[,;]+$/, "")).trim();
  return withoutFullStop(withoutClosingBracket(withoutMarks(joinedHash(asUrl(asAscii(plain))))));
}

/**
 * A URL that was encoded as a whole, has backslashes or a blank behind its scheme, or a broken
 * scheme, as it was meant; a mail address whose `@` was encoded.
 */
function asUrl(text: string): string {
  if (/^[^\s@%/]+%40[^\s@%/]+$/i.test(text)) return text.replace(/%40/i, "@");
  if (/^[a-z][a-z0-9+.-]+%3a%2f%2f/i.test(text)) return decoded(text);
  const whole = withWholeScheme(text, true);
  if (whole !== text) return whole;
  const [, scheme, mark, rest] =
    /^([a-z][a-z0-9+.-]+)(:\/\/ +|:\\\\|(?<=^(?:h..ps?|ftp)):[\\/](?![\\/]))(.*)$/is.exec(text) ??
      [];
  if (rest === undefined) return text;
  return refang(`${scheme}://${mark!.includes("\\") ? rest.replaceAll("\\", "/") : rest}`);
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

/**
 * Wide letters and marks as plain ones, but not in paths, of which they may be a part unless even the
 * scheme before them is wide.
 */
function asAscii(text: string): string {
  const isAscii = text.includes("/") && !WIDE_SCHEME.test(text);
  return isAscii ? text : text.replace(WIDE_STOP, ".").replace(
    WIDE,
    (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0),
  );
}

/** Drops marks behind a value: of a URL or path those that it cannot contain. */
function withoutMarks(text: string): string {
  if (PATH.test(text)) return withoutQuotes(text).replace(BEHIND_HOST, "$1");
  const bare = text.replace(BRACKETS_BEHIND, "");
  return /[([<"'“„‘‚«]/.test(bare) ? text.replace(MARKS_BEHIND, "") : bare;
}

/** Drops what a URL cannot contain, and the marks behind it. A loop: the text may be long. */
function withoutQuotes(url: string): string {
  let end = url.length;
  while (end > 0 && WITH_THEM.includes(url[end - 1]!)) end--;
  const first = url.slice(end).search(NOT_IN_URL);
  return first < 0 ? url : url.slice(0, end + first);
}

/** Drops the bracket behind a value, if it was not opened in it. */
function withoutClosingBracket(text: string): string {
  return /^[^()[\]]*[)\]][.,;]?$/.test(text) ? text.replace(/[)\]][.,;]?$/, "") : text;
}

/**
 * What cannot end with a full stop, or does not: mail and IP addresses, networks, hashes, AS numbers, CVE
 * ids, URLs.
 */
const WITHOUT_STOP =
  /^(?:[\w-]+(?:\.[\w-]+)+(?::[0-9]+)?[/?]\S*|[0-9.]+(?:\/[0-9]{1,2})?|\[?[0-9a-f.]*:[0-9a-f:.]+\]?(?:\/[0-9]{1,3})?|[^\s@]+@[^\s@]+|[0-9a-f]{32,128}|asn?\s?[0-9.]+|cve-[0-9-]+)$/i;

/** Drops the full stop where a sentence ended. */
function withoutFullStop(text: string): string {
  const rest = text.slice(0, -1);
  if (!text.endsWith(".") || rest.endsWith(".")) return text;
  return rest.includes("://") || WITHOUT_STOP.test(rest) ? rest : text;
}
