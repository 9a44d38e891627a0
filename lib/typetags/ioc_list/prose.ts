import type { Certainty } from "../../indicators/domain.ts";
import { type LineLabel, lineLabel } from "./labels.ts";
import { withoutMarkup } from "./markup.ts";
import { isPublicService } from "./public_services.ts";
import type { LineReading } from "./reading.ts";
import { indicatorsOf, scan, type ScannedText, type ScannedWord } from "./scan.ts";
import { withoutVersions } from "./versions.ts";

/** A comment within a line; `#name` may also be a hashtag. */
const INNER_COMMENT = /\s(?:#|\/\/|;)/g;

/** `1. `, `(2) ` before an entry. */
export const NUMBERING = /^\s*\(?\d{1,4}[.)]\s+/;

/** Values that occur in references, too. */
const MENTIONED = new Set(["url", "domain", "email_addr"]);

/** A line of free text, and what its words are. */
export type ScannedLine = ScannedText & {
  /** What the line says of its indicators, or the heading above it; undefined if that is nothing. */
  readonly label: LineLabel | undefined;
};

/** Sentences that say where to read more, or whom to ask. */
const REFERRING =
  /\b(?:for (?:more|further|additional|full) (?:information|details?)|(?:see|visit|contact|read|mail) (?:us|our|the (?:full|original|blog|report|post))|please (?:see|visit|contact|refer|report)|all rights reserved|terms (?:of|and) (?:use|service|conditions)|licen[cs]ed under|copyright|courtesy of|published (?:by|at|on)|according to|unsubscribe|subscribe)\b|©|\(c\) ?\d{4}|\((?:original |external )?(?:sources?|refs?|references?|reports?|links?|analysis|blog(?: post)?|article|archived?|credits?)\)\W*$/i;

export type LineOptions = {
  readonly certainty: Certainty;
  /** What a heading above the line, such as `References`, says of its indicators. */
  readonly label: LineLabel | undefined;
  /** What the heading above the line says its hashes are called; empty if it says nothing. */
  readonly heading: string;
};

/** Looks for indicators in a line of free text, up to a comment. */
export function scanLine(
  line: string,
  { certainty, label, heading }: LineOptions,
): ScannedLine {
  return {
    ...scan(withoutVersions(withoutMarkup(withoutComment(line).replace(NUMBERING, ""))), {
      certainty,
      heading,
    }),
    label: label ?? lineLabel(line) ?? (REFERRING.test(line) ? "reference" : undefined),
  };
}

/** True if a line contains nothing but indicators. */
export function isBare({ words, label }: ScannedLine): boolean {
  return words.length > 0 && words.every(({ indicator }) => indicator !== undefined) &&
    label === undefined;
}

/**
 * The indicators in a line of free text. In a line of references, and among bare or defanged
 * indicators in a line of other words, names, URLs and mail addresses that are not defanged are merely
 * mentioned, unless the line begins with them. So are the names of brands and programs everywhere.
 */
export function readProse(line: ScannedLine, hasMentions: boolean): LineReading {
  const { words, label } = line;
  const end = words.findIndex(({ indicator }) => indicator === undefined);
  const leading = label !== undefined ? 0 : end < 0 ? words.length : end;
  const isAside = label !== undefined ? LABELLED[label] : hasMentions ? isMentioned : isBrand;
  const isMention = (word: ScannedWord) => isAside(word) || isReferred(word);
  const subject = datedSubject(words);
  const hasAddress = words.some(isAddress);
  const sinkhole = positionOf(words, /^\W?sinkhol/i);
  const indicators = indicatorsOf(
    words.filter((word, at) =>
      !(hasAddress && isContact(word)) && !isBesides(word, subject) &&
      !(end >= 0 && isPublicService(word.indicator)) && !(at > sinkhole && isAddress(word)) &&
      (at < leading || !isMention(word))
    ),
  );
  const hasOnlyMentions = indicators.length === 0 && indicatorsOf(words).length > 0;
  return { indicators, ...(hasOnlyMentions && { skip: "mention in other text" }) };
}

function isAddress({ indicator }: ScannedWord): boolean {
  return indicator?.subType.startsWith("ipv") === true;
}

/** The first word of a kind; behind all words if there is none. */
function positionOf(words: readonly ScannedWord[], kind: RegExp): number {
  const at = words.findIndex(({ text, indicator }) => indicator === undefined && kind.test(text));
  return at < 0 ? words.length : at;
}

function isMentioned(word: ScannedWord): boolean {
  return isNamed(word) && !word.isDefanged;
}

function isNamed({ indicator }: ScannedWord): boolean {
  return indicator !== undefined && MENTIONED.has(indicator.subType);
}

/** Whether a word is not to be looked for in a line with a label. */
const LABELLED: Readonly<Record<LineLabel, (word: ScannedWord) => boolean>> = {
  reference: isMentioned,
  service: isNamed,
  harmless: () => true,
};

/** What stands before a reference within a line: `see example.org`, `source: https://example.org/`. */
const REFERRER =
  /^\W*(?:(?:see|cf)[.:]?|(?:refs?|references?|sources?|credits?|details|reports?|blog|write-?up|analysis|more|info)[:=])$/i;

/** What stands before a machine of those who are harmed or who defend. */
const HARMED = /^\W*(?:victims?|resolvers?|honeypots?|sensors?|sinkholes?)\W*$/i;

/** True for what is merely mentioned because of the word before it. */
function isReferred(word: ScannedWord): boolean {
  return (REFERRER.test(word.before) && isMentioned(word)) ||
    (HARMED.test(word.before) && word.indicator !== undefined);
}

const DATE = /^\d{4}-\d\d-\d\d/;

/** The first indicator in a line of indicators, dates and numbers: the others tell about it. */
function datedSubject(words: readonly ScannedWord[]): ScannedWord | undefined {
  const others = words.filter(({ indicator }) => indicator === undefined);
  const isRow = others.some(({ text }) => DATE.test(text)) &&
    others.every(({ text }) => /^\d[\dTZ:.+-]*$/.test(text));
  return isRow ? words.find(({ indicator }) => indicator !== undefined) : undefined;
}

/** True for a URL or mail address beside the subject of a line, unless it is one at that host. */
function isBesides(word: ScannedWord, subject: ScannedWord | undefined): boolean {
  const { indicator, isDefanged } = word;
  if (subject === undefined || word === subject || indicator === undefined || isDefanged) {
    return false;
  }
  return /^(?:url|email_addr)$/.test(indicator.subType) &&
    !indicator.data.includes(subject.indicator!.data);
}

/** Mailboxes of those who answer for a network (RFC 2142). */
const ROLE = /^(?:abuse|noc|hostmaster|postmaster|cert|csirt)@/i;

/** True for a mail address at which to report the addresses beside it. */
function isContact({ indicator, isDefanged, before }: ScannedWord): boolean {
  if (indicator?.subType !== "email_addr" || isDefanged) return false;
  return ROLE.test(indicator.data) || /^\W*contacts?\W*$/i.test(before);
}

/** `ASP.NET`: programs whose names are domains. */
const PROGRAM = /^(?:(?:asp|ado|vb|ml|system|paint)\.net|socket\.io|next\.js)$/i;

/** `Booking.com`: names of sites in sentences have a capital, those in lists of indicators do not. */
function isBrand({ indicator, isDefanged, text }: ScannedWord): boolean {
  if (indicator?.subType !== "domain" || isDefanged) return false;
  return /[a-z]/.test(text) && /[A-Z]/.test(text) || PROGRAM.test(indicator.data);
}

/** A line up to a comment in it. */
export function withoutComment(line: string): string {
  let start = 0;
  for (const { 0: mark, index } of line.matchAll(INNER_COMMENT)) {
    const isHashtag = mark.endsWith("#") && /^\w/.test(line.slice(index + 2, index + 3));
    // Behind hashtags without an indicator before them, each part is scanned once.
    if (!isHashtag || indicatorsOf(scan(line.slice(start, index)).words).length > 0) {
      return line.slice(0, index);
    }
    start = index + 2;
  }
  return line;
}
