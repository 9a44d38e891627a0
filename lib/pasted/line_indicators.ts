import { AS_DIGITS } from "../indicators/as_number.ts";
import { HASH_LENGTHS } from "../indicators/hash_name.ts";
import { separateLinks } from "../indicators/link_markup.ts";
import { meaning, NotUnderstood } from "../indicators/meaning.ts";
import type { AttributeName } from "../tahoe/attribute.ts";
import { indicatorsOf, scan } from "../typetags/ioc_list/scan.ts";
import { takeLogLineApart } from "./log_line.ts";

/**
 * What only questions are about, no list: numbers of autonomous systems, MAC addresses, and CVE ids
 * with blanks. `AS` and a number apart from it must not be two words of a sentence.
 */
const MORE = new RegExp(
  [
    String.raw`\bASN?${AS_DIGITS}\b`,
    String.raw`\bASN[ :#-]{1,2}${AS_DIGITS}\b`,
    String.raw`\bAS[ :#-](?=[0-9]{3}|[0-9.]{4})${AS_DIGITS}\b`,
    String.raw`\bas(?=[0-9]{3}|[0-9.]{4})${AS_DIGITS}\b`,
    String.raw`\b[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}\b`,
    String.raw`\b[Cc][Vv][Ee][ _\u2010-\u2015][0-9]{4}[-_ \u2010-\u2015][0-9]{4,7}\b`,
  ].map((form) => `(?<![\\w.:/-])${form}(?![\\w/-]|:\\w)`).join("|"),
  "g",
);

const HASHES: ReadonlySet<string> = new Set(HASH_LENGTHS.values());

/** Characters of a hash with its digits in groups, and the label before it, at most. */
const MAX_GROUPED = 600;

/** `[text](address)`, as in Markdown. */
const LINK = /\]\((?=[a-z][a-z0-9+.-]{1,15}:\/\/)/gi;

/**
 * The indicators in a line of any text, each once, defanged ones too. A hash with its digits in groups
 * must be all that the line holds.
 */
export function lineIndicators(text: string): readonly AttributeName[] {
  const line = takeLogLineApart(separateLinks(text).replace(LINK, "] ("));
  const found = new Map<string, AttributeName>();
  for (const indicator of indicatorsOf(scan(line).words)) found.set(indicator.data, indicator);
  for (const [text] of line.matchAll(MORE)) {
    const normal = normalForm(text);
    if (normal !== undefined) found.set(`${normal.subType} ${normal.data}`, normal);
  }
  if (found.size > 0) return [...found.values()];
  const whole = text.length > MAX_GROUPED ? undefined : normalForm(text);
  return whole !== undefined && HASHES.has(whole.subType) ? [whole] : [];
}

function normalForm(text: string): AttributeName | undefined {
  try {
    return meaning(undefined, text).normal;
  } catch (error) {
    if (error instanceof NotUnderstood) return undefined;
    throw error;
  }
}
