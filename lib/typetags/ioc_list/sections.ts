import type { Certainty } from "../../indicators/domain.ts";
import { HASH_LENGTHS, namedHash } from "../../indicators/hash_name.ts";
import { NAME_COLUMN, plainName, URL_COLUMN } from "./column_names.ts";
import type { LineLabel } from "./labels.ts";
import { readerByName, unreadColumn } from "./columns.ts";

/** What a heading says of the lines below it, up to the next heading. */
export type Section = {
  /** What the indicators below it are: what a report is based on, or who is harmed. */
  readonly label: LineLabel | undefined;
  /** What the hashes in the lines are called if their length does not tell it, such as `imphash`. */
  readonly heading: string;
  /** Whether what could be a domain is one, in lines of one word. */
  readonly certainty: Certainty;
};

/** Lines below no heading. */
export const NO_SECTION: Section = { label: undefined, heading: "", certainty: false };

const REFERENCES =
  /^\W*(?:(?:external )?references?|sources?|(?:online )?sandbox(?:es)?(?: (?:reports?|links?|runs?))?|screenshots?|(?:domain )?name ?servers?(?: in listed order)?|registrar|further reading|read more|see also|(?:related |external )?(?:links|reading|articles|posts)|credits?|acknowledge?ments?|contacts?(?: us)?|about(?: us)?|bibliography|footnotes|licen[cs]e|disclaimer)\W*$/i;
/** `Tools used`, `Publicly available tools`: what attackers did not make themselves. */
const TOOLS =
  /^\W{0,8}(?:(?!malicious|custom|attack)[\w-]{1,20} ){0,3}tools?(?: (?:used|observed|seen)(?: by(?: \w{1,20}){1,3})?)?\W{0,8}$/i;
/** Headings over those who are harmed or imitated, or over machines of those who defend them. */
const HARMED =
  /^\W{0,8}(?:(?:\w+ )?victims?|victimology|target(?:s|ed)?(?: [\w-]+){0,2}|(?:impersonated|imitated|spoofed|mimicked|affected)(?: [\w-]+){1,2}|brands?|(?:dns )?sinkhole[ds]?(?: (?:ips?|addresses|servers?))?|(?:public |open |dns )*resolvers?)\W{0,8}$/i;
/** `Legitimate tools used by the actor`, `Benign software`. */
const HARMLESS =
  /^\W{0,8}(?:legit(?:imate)?|benign|harmless|trusted|safe|known[ -]good)(?: [\w-]{1,20}){0,2} (?:tools?|software|services?|infrastructure|files?|binar(?:y|ies)|programs?|utilit(?:y|ies)|applications?|apps?|websites?|drivers?|traffic)(?: (?:(?<=(?:tools?|software|programs?|applications?|apps?) )abused|used|leveraged|observed|seen|mentioned|involved|contacted|accessed)(?:(?: (?:by|in|during))(?: [\w-]{1,20}){1,3})?)?\W{0,8}$/i;
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
    const isTitle = heading?.label === "reference" && headings < 2 && (first < 0 || index <= first);
    if (heading !== undefined && !isTitle) section = heading;
    else if (heading === undefined && HEADING.test(line)) section = NO_SECTION;
    return section;
  });
  return { sections, headings };
}

/** The section that a line opens by naming what stands below it; undefined for other lines. */
function readHeading(line: string): Section | undefined {
  if (REFERENCES.test(line) || TOOLS.test(line)) return { ...NO_SECTION, label: "reference" };
  if (HARMED.test(line) || HARMLESS.test(line)) return { ...NO_SECTION, label: "harmless" };
  const [, name] = NAME.exec(line) ?? [];
  if (name === undefined || /[0-9a-f]{32}/i.test(name)) return undefined;
  if (INDICATORS.test(name)) return NO_SECTION;
  const hash = namedHash(name);
  if (hash === undefined && unreadColumn(name) !== undefined) {
    return { ...NO_SECTION, label: "reference" };
  }
  if (hash === undefined && readerByName([name]) === undefined) return undefined;
  const isPlain = hash === undefined || hash === "any" || FILE_HASHES.has(hash);
  const plain = plainName(name);
  const isName = NAME_COLUMN.test(plain) || URL_COLUMN.test(plain);
  return { ...NO_SECTION, heading: isPlain ? "" : name, certainty: isName ? "any" : false };
}

const FILE_HASHES: ReadonlySet<string> = new Set(HASH_LENGTHS.values());
