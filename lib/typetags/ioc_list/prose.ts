import type { Certainty } from "../../indicators/domain.ts";
import type { LineReading } from "./reading.ts";
import { scan, type ScannedText } from "./scan.ts";

const INNER_COMMENT = /\s(?:#|\/\/|;)/;

/** Lines that say where a list comes from or where to read more. */
const REFERENCE =
  /^[\W_]{0,4}(?:references?|refs?|sources?|feed|title|see(?: also)?|more(?: info(?:rmation)?| details)?|documentation|docs|home ?page|website|contact|author|maintainer|reporter|licen[cs]e|terms(?: of (?:use|service))?|copyright|feedback|support|blog|tweet|twitter|credits?)\s{0,2}[:=]/i;

/** Values that occur in references, too. */
const MENTIONED = new Set(["url", "domain", "email_addr"]);

/** A line of free text, and what its words are. */
export type ScannedLine = ScannedText & { readonly isReference: boolean };

/** Sentences that say where to read more, or whom to ask. */
const REFERRING =
  /\b(?:for (?:more|further|additional|full) (?:information|details?)|(?:see|visit|contact|read|mail) (?:us|our|the (?:full|original|blog|report|post))|please (?:see|visit|contact|refer|report)|all rights reserved|terms (?:of|and) (?:use|service|conditions)|licen[cs]ed under|copyright|courtesy of|published (?:by|at|on)|according to|unsubscribe|subscribe)\b|©|\(c\) ?\d{4}/i;

export type LineOptions = {
  readonly certainty: Certainty;
  /** Whether the line stands below a heading such as `References`. */
  readonly isReference: boolean;
};

/** Looks for indicators in a line of free text, up to a comment. */
export function scanLine(line: string, { certainty, isReference }: LineOptions): ScannedLine {
  return {
    ...scan(withoutComment(line), certainty),
    isReference: isReference || REFERENCE.test(line) || REFERRING.test(line),
  };
}

/** True if a line contains nothing but indicators. */
export function isBare({ words, isReference }: ScannedLine): boolean {
  return words.length > 0 && words.every((word) => word !== undefined) && !isReference;
}

/**
 * The indicators in a line of free text. In a line of references, and among bare or defanged
 * indicators in a line of other words, names, URLs and mail addresses that are not defanged are merely
 * mentioned, unless the line begins with them.
 */
export function readProse(line: ScannedLine, hasMentions: boolean): LineReading {
  const { words, isDefanged, isReference } = line;
  const found = words.filter((word) => word !== undefined);
  if (isDefanged || !(isReference || hasMentions)) return { indicators: found };
  const end = isReference ? 0 : words.indexOf(undefined);
  const leading = end < 0 ? words.length : end;
  const indicators = words.filter((word, index) =>
    word !== undefined && (index < leading || !MENTIONED.has(word.subType))
  )
    .filter((word) => word !== undefined);
  const isMentioned = indicators.length === 0 && found.length > 0;
  return { indicators, ...(isMentioned && { skip: "mention in other text" }) };
}

/** A line up to a comment in it. */
export function withoutComment(line: string): string {
  const at = line.search(INNER_COMMENT);
  return at < 0 ? line : line.slice(0, at);
}
