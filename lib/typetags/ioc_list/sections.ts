import type { Certainty } from "../../indicators/domain.ts";
import { HASH_LENGTHS, namedHash } from "../../indicators/hash_name.ts";
import { NAME_COLUMN, plainName, URL_COLUMN } from "./column_names.ts";
import { readerByName, unreadColumn } from "./columns.ts";

/** What a heading says of the lines below it, up to the next heading. */
export type Section = {
  /** Whether a report says there what it is based on, and whom to ask. */
  readonly isReference: boolean;
  /** What the hashes in the lines are called if their length does not tell it, such as `imphash`. */
  readonly heading: string;
  /** Whether what could be a domain is one, in lines of one word. */
  readonly certainty: Certainty;
};

/** Lines below no heading. */
export const NO_SECTION: Section = { isReference: false, heading: "", certainty: false };

const REFERENCES =
  /^\W*(?:(?:external )?references?|sources?|further reading|read more|see also|(?:related |external )?(?:links|reading|articles|posts)|credits?|acknowledge?ments?|contacts?(?: us)?|about(?: us)?|bibliography|footnotes|licen[cs]e|disclaimer)\W*$/i;
/** Other headings: of Markdown, underlined or not, or words before a colon. */
export const HEADING = /^\s*#{1,6}\s+\S|^\s*(?:\*\*|__)?[\w ()/-]{2,60}:(?:\*\*|__)?\s*$/;
/** A line of a name alone, also as a heading of Markdown. */
const NAME = /^\s*(?:#{1,6}\s+)?(?:\*\*|__)?(\w[\w ()/-]{1,39}?):?(?:\*\*|__)?:?\s*$/;
const INDICATORS = /^(?:iocs?|indicators?)(?: of compromise)?(?: \(iocs?\))?$/i;

/** The sections of lines, and which of these are headings that name what stands below them. */
export type Sections = { readonly sections: readonly Section[]; readonly headings: number };

/**
 * Says of each line in which section it is. A heading such as `References` on the first line may be
 * the title of a list, unless other headings follow.
 */
export function lineSections(lines: readonly string[]): Sections {
  const found = lines.map(readHeading);
  const headings = found.filter((section) => section !== undefined).length;
  const first = lines.findIndex((line) => !/^\s*(?:#|\/\/|;)/.test(line));
  let section = NO_SECTION;
  const sections = lines.map((line, index) => {
    const heading = found[index];
    const isTitle = heading?.isReference === true && headings < 2 && (first < 0 || index <= first);
    if (heading !== undefined && !isTitle) section = heading;
    else if (heading === undefined && HEADING.test(line)) section = NO_SECTION;
    return section;
  });
  return { sections, headings };
}

/** The section that a line opens by naming what stands below it; undefined for other lines. */
function readHeading(line: string): Section | undefined {
  if (REFERENCES.test(line)) return { ...NO_SECTION, isReference: true };
  const [, name] = NAME.exec(line) ?? [];
  if (name === undefined) return undefined;
  if (INDICATORS.test(name)) return NO_SECTION;
  const hash = namedHash(name);
  if (hash === undefined && unreadColumn(name) !== undefined) {
    return { ...NO_SECTION, isReference: true };
  }
  if (hash === undefined && readerByName([name]) === undefined) return undefined;
  const isPlain = hash === undefined || hash === "any" || FILE_HASHES.has(hash);
  const plain = plainName(name);
  const isName = NAME_COLUMN.test(plain) || URL_COLUMN.test(plain);
  return { ...NO_SECTION, heading: isPlain ? "" : name, certainty: isName ? "any" : false };
}

const FILE_HASHES: ReadonlySet<string> = new Set(HASH_LENGTHS.values());
