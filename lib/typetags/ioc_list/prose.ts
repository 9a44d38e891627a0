import type { Certainty } from "../../indicators/domain.ts";
import type { LineReading } from "./reading.ts";
import { scan } from "./scan.ts";

const INNER_COMMENT = /\s(?:#|\/\/|;)/;

/** Lines that say where a list comes from or where to read more. */
const REFERENCE =
  /^[\W_]{0,4}(?:references?|refs?|see(?: also)?|more(?: info(?:rmation)?| details)?|documentation|docs|home ?page|website|contact|author|maintainer|reporter|licen[cs]e|terms(?: of (?:use|service))?|copyright|feedback|support|blog|tweet|twitter|credits?)\s{0,2}[:=]/i;

/** Values that occur in references, too. */
const MENTIONED = new Set(["url", "domain", "email_addr"]);

/** Reads the indicators in a line of free text, up to a comment. */
export function readProse(line: string, certainty: Certainty): LineReading {
  const { words, isDefanged } = scan(stripComment(line), certainty);
  const found = words.filter((word) => word !== undefined);
  if (isDefanged || !REFERENCE.test(line)) return { indicators: found };
  const indicators = found.filter(({ subType }) => !MENTIONED.has(subType));
  return { indicators, ...(indicators.length === 0 && { skip: "reference" }) };
}

function stripComment(line: string): string {
  const at = line.search(INNER_COMMENT);
  return at < 0 ? line : line.slice(0, at);
}
