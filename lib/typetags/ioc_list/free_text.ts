import { isFileName } from "../../indicators/domain.ts";
import { readHostName } from "../../indicators/host_name.ts";
import { recognise } from "../../indicators/recognise.ts";
import { refang } from "../../indicators/refang.ts";
import { isServerMessage } from "../page.ts";
import { readAsNumber } from "./as_numbers.ts";
import { isBare, readProse, scanLine } from "./prose.ts";
import { addLine, type ListReading, skipped } from "./reading.ts";
import { ruleReader } from "./rules.ts";
import { indicatorsOf } from "./scan.ts";
import { NO_SECTION, type Section } from "./sections.ts";
import { BOTH_ENDS_SKIPPED, withoutTrafficEnds } from "./traffic_ends.ts";

/** Reads lines of free text; `sections` says of each what the heading above it says. */
export function readLines(
  lines: readonly string[],
  sections: readonly Section[] = [],
): ListReading {
  const reading: ListReading = { indicators: [], skipped: new Map(), rejected: [] };
  const read = ruleReader();
  const certainty = isNameList(lines) ? "any" : false;
  const scanned = lines.map((line, index) => {
    const { label, heading, certainty: named } = sections[index] ?? NO_SECTION;
    const isOne = !/\S\s+\S/.test(line);
    const rule = (label === undefined ? read(line) : undefined) ?? readAsNumber(line);
    if (rule !== undefined) return rule;
    const rest = withoutTrafficEnds(line);
    const scanned = scanLine(rest, {
      certainty: isOne && named === "any" ? named : certainty,
      label,
      heading,
    });
    const isTraffic = rest !== line && indicatorsOf(scanned.words).length === 0;
    return isTraffic ? skipped(BOTH_ENDS_SKIPPED) : scanned;
  });
  const isProse = scanned.every((line) => "words" in line && !isBare(line) && !line.isDefanged);
  const bare = scanned.filter((line) => "words" in line ? isBare(line) : true).length;
  // Whoever defangs indicators defangs all of them.
  const isDefanged = scanned.some((line) => "words" in line && line.isDefanged);
  const hasMentions = isDefanged || bare * 2 >= lines.length;
  for (const line of scanned) {
    addLine(reading, "words" in line ? readProse(line, hasMentions) : line);
  }
  return isProse && isServerMessage(lines) ? { ...reading, isMessage: true } : reading;
}

/** True if nine of ten lines are names, addresses or URLs alone, and none is that of a file. */
function isNameList(lines: readonly string[]): boolean {
  let names = 0;
  for (const line of lines) {
    const words = plainWords(line);
    if (words.some((word) => isFileName(nameOf(word).replace(/\/.*$/, "")))) return false;
    const subTypes = words.map((word) => recognise(word)?.subType ?? "");
    if (subTypes.some((subType) => /^(?:md5|sha\d+|email_addr|cve)$/.test(subType))) return false;
    if (words.length > 0 && words.every(isName)) names++;
  }
  return names * 10 >= lines.length * 9;
}

const BULLET = /^\s*(?:[-*+\u2022\u00b7\u2013]|\d{1,4}[.)])\s+/;
const NAME_LABEL = /^\s*(?:(?:domain|host|fqdn)(?: ?name)?s?|c2|url|ip)\s?[:=]\s+/i;

/** The words of an entry of a list, without its bullet, label, quotes, comment and wildcards. */
function plainWords(line: string): readonly string[] {
  const text = refang(line).replace(/\s(?:#|\/\/|;).*$/, "").replace(BULLET, "")
    .replace(NAME_LABEL, "");
  return text.split(/[\s,;"'`]+/).map((word) => word.replace(/^\*?\./, ""))
    .filter((word) => word !== "");
}

/** A name without its port. */
function nameOf(word: string): string {
  return word.replace(/:\d{1,5}$/, "");
}

function isName(word: string): boolean {
  const subType = readHostName(nameOf(word))?.subType ?? recognise(word, "any")?.subType ?? "";
  return /^(?:domain|url|ipv[46](?:_net)?)$/.test(subType);
}
