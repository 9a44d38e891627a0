import { splitCells } from "../ioc_list/cells.ts";
import { ruleReader } from "../ioc_list/rules.ts";
import { summariseList } from "../ioc_list/summarise_list.ts";
import { SEPARATORS } from "../ioc_list/table.ts";
import { hasBothEnds } from "../ioc_list/unread_columns.ts";
import { isLog } from "./table.ts";

/** Names of files that list what is harmless. */
export const HARMLESS_NAME = /allow|white|benign|alexa|tranco|umbrella|majestic|top[-_]?\d/i;

/** Lines among which the names of columns are looked for. */
const HEAD_LINES = 20;

/** Characters of a text that are looked at. */
const SAMPLE = 64 * 1024;

/** Why a text has no type, or one that is in doubt, and how many indicators it would have as a list. */
export type Doubt = {
  readonly reason: string;
  readonly indicators: number;
  /** True if it is known to be something that no type reads. */
  readonly isOther: boolean;
};

/** Says why a text that no rule knows has no type. */
export function doubtAbout(name: string, text: string): Doubt {
  const start = startOf(text);
  const { indicators, otherKind } = summariseList(start);
  return otherKind === undefined
    ? { reason: reasonFor(name, start), indicators, isOther: false }
    : { reason: `it is ${otherKind}, which no type reads`, indicators, isOther: true };
}

const UNKNOWN = "neither its name nor its content says what it is";

function reasonFor(name: string, text: string): string {
  const lines = text.split(/\r\n?|\n/).filter((line) => /^\s*[^\s#;!]/.test(line));
  if (HARMLESS_NAME.test(name)) return "its name says that it lists harmless things";
  const heads = text.split(/\r\n?|\n/, HEAD_LINES).flatMap((line) =>
    SEPARATORS.map((separator) => splitCells(line.replace(/^#\w*\s*/, ""), separator) ?? [])
  );
  if (heads.some(hasBothEnds)) {
    return "it is a table of traffic, of which either end may be the victim";
  }
  if (heads.some(isLog)) return "it is the log of a server, of which most lines may be harmless";
  const read = ruleReader();
  const rules = lines.filter((line) => read(line) !== undefined).length;
  return rules > 0 && rules * 2 >= lines.length
    ? "it is a hosts file or has rules of a blocker or server, which may be against advertisements or for oneself"
    : UNKNOWN;
}

/** The start of a text, up to the end of a line. */
function startOf(text: string): string {
  if (text.length <= SAMPLE) return text;
  const end = text.lastIndexOf("\n", SAMPLE);
  return text.slice(0, end < 0 ? SAMPLE : end);
}
