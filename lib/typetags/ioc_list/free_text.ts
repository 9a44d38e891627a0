import { isFileName } from "../../indicators/domain.ts";
import { readHostName } from "../../indicators/host_name.ts";
import { recognise } from "../../indicators/recognise.ts";
import { refang } from "../../indicators/refang.ts";
import { isServerMessage } from "../page.ts";
import { isBare, readProse, scanLine } from "./prose.ts";
import { addLine, type ListReading } from "./reading.ts";
import { ruleReader } from "./rules.ts";

/**
 * Reads lines of free text; `references` says which of them stand below a heading such as
 * `References`.
 */
export function readLines(
  lines: readonly string[],
  references: readonly boolean[] = [],
): ListReading {
  const reading: ListReading = { indicators: [], skipped: new Map(), rejected: [] };
  const read = ruleReader();
  const certainty = isNameList(lines) ? "any" : false;
  const scanned = lines.map((line, index) => {
    const isReference = references[index] === true;
    return (isReference ? undefined : read(line)) ?? scanLine(line, { certainty, isReference });
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

/** True if nine of ten lines are one name, address or URL each, and none is that of a file. */
function isNameList(lines: readonly string[]): boolean {
  let names = 0;
  for (const line of lines) {
    const word = refang(line.trim()).replace(/\s(?:#|\/\/|;).*$/, "").replace(/^\*?\./, "");
    const name = word.replace(/:\d{1,5}$/, "");
    if (isFileName(name.replace(/\/.*$/, ""))) return false;
    const subType = readHostName(name)?.subType ?? recognise(word, "any")?.subType ?? "";
    if (/^(?:md5|sha\d+|email_addr|cve)$/.test(recognise(word)?.subType ?? "")) return false;
    if (/^(?:domain|url|ipv[46](?:_net)?)$/.test(subType)) names++;
  }
  return names * 10 >= lines.length * 9;
}
