import { readHostName } from "../../indicators/host_name.ts";
import { isFileName } from "../../indicators/domain.ts";
import { recognise } from "../../indicators/recognise.ts";
import { refang } from "../../indicators/refang.ts";
import { type Fields, isFields, type Value } from "../../tahoe/value.ts";
import { refusePage } from "../page.ts";
import { parseArray, parseObject } from "../records.ts";
import { readAdblockLine } from "./adblock.ts";
import { joinBlocks, readDnsLine } from "./dns.ts";
import { readHostsLine } from "./hosts.ts";
import { type JsonItems, openArray, openObject } from "./json_list.ts";
import { isBare, readProse, scanLine } from "./prose.ts";
import { addLine, countSkipped, type LineReading, type ListReading } from "./reading.ts";
import { rpzReader } from "./rpz.ts";
import { readNamedColumn, readNamedTable, readPlainTable, readRecords } from "./table.ts";

/** A list of indicators, and whether they are known to be harmless: a MISP warninglist. */
export type IndicatorList = ListReading & { readonly isBenign: boolean };

const COMMENT = /^\s*(?:#|\/\/|;)/;

/**
 * Reads a list: lines of text, a table, rules for browsers or DNS servers, JSON lines, a JSON array,
 * or a JSON object with an array `list`. Undefined if the data has none of these forms.
 *
 * @throws {Rejected} EVENTS_INVALID when the text is a web page.
 */
export function readList(data: Value): IndicatorList | undefined {
  const array = parseArray(data);
  if (array !== undefined) return { ...readItems(openArray(array)), isBenign: false };
  const text = isFields(data) ? data["data"] : data;
  const object = parseObject(typeof text === "string" ? text : data);
  if (Array.isArray(object?.["list"])) {
    return { ...readItems(openArray(object["list"])), isBenign: isWarninglist(object) };
  }
  if (object !== undefined) return { ...readItems(openObject(object)), isBenign: false };
  return typeof text === "string" ? { ...readText(text), isBenign: false } : undefined;
}

function isWarninglist({ name, type, version, matching_attributes }: Fields): boolean {
  const isTyped = typeof type === "string" && typeof name === "string" && version !== undefined;
  return isTyped || matching_attributes !== undefined;
}

function readItems({ texts, records, skipped }: JsonItems): ListReading {
  const reading = joinReadings(readLines(texts), readRecords(records));
  for (const [what, times] of skipped) countSkipped(reading.skipped, what, times);
  return reading;
}

function joinReadings(first: ListReading, second: ListReading): ListReading {
  const skipped = new Map(first.skipped);
  for (const [what, times] of second.skipped) countSkipped(skipped, what, times);
  return {
    indicators: [...first.indicators, ...second.indicators],
    skipped,
    rejected: [...first.rejected, ...second.rejected],
  };
}

function readText(text: string): ListReading {
  refusePage(text);
  const all = joinBlocks(text.split(/[\r\n]+/).filter((line) => line.trim() !== ""));
  const lines = all.filter((line) => !COMMENT.test(line));
  const end = lines.length === 0 ? all.length : all.indexOf(lines[0]!);
  const leading = all.slice(0, end).map((line) => line.replace(/^\s*(?:#|\/\/|;)+\s*/, ""));
  const reading = readJsonLines(lines) ?? readNamedTable(lines, leading) ?? readRules(lines) ??
    readNamedColumn(lines) ?? readPlainTable(lines, leading) ?? readLines(lines);
  countSkipped(reading.skipped, "comment", all.length - lines.length);
  return reading;
}

/** Reads lines most of which are JSON objects; undefined for others. */
function readJsonLines(lines: readonly string[]): ListReading | undefined {
  const objects = lines.filter((line) => /^\s*\{/.test(line)).length;
  if (objects === 0 || objects * 2 < lines.length) return undefined;
  const parsed = lines.map((line) => parseObject(line));
  const fields = parsed.filter((object) => object !== undefined);
  if (fields.length === 0) return undefined;
  const reading = readItems(openArray(fields));
  parsed.forEach((object, index) => {
    if (object !== undefined) return;
    reading.rejected.push({ record: index + 1, reason: "The line is not a JSON object" });
  });
  return reading;
}

type LineReader = (line: string) => LineReading | undefined;

function ruleReader(): LineReader {
  const readRpz = rpzReader();
  return (line) =>
    readHostsLine(line) ?? readAdblockLine(line) ?? readDnsLine(line) ?? readRpz(line);
}

/** Reads lines at least half of which are rules for browsers, DNS servers or hosts files. */
export function readRules(lines: readonly string[]): ListReading | undefined {
  const read = ruleReader();
  const rules = lines.map(read);
  const count = rules.filter((rule) => rule !== undefined).length;
  if (count === 0 || count * 2 < lines.length) return undefined;
  const reading: ListReading = { indicators: [], skipped: new Map(), rejected: [] };
  lines.forEach((line, index) => addLine(reading, rules[index] ?? readWholeLine(line)));
  return reading;
}

/** An entry among rules: something to look for, and nothing else. */
function readWholeLine(line: string): LineReading {
  const indicator = recognise(line.replace(/\s[#;].*$/, "").trim(), "any");
  return { indicators: indicator === undefined ? [] : [indicator] };
}

/** Reads lines of free text. */
function readLines(lines: readonly string[]): ListReading {
  const reading: ListReading = { indicators: [], skipped: new Map(), rejected: [] };
  const read = ruleReader();
  const certainty = isNameList(lines) ? "any" : false;
  const scanned = lines.map((line) => read(line) ?? scanLine(line, certainty));
  const bare = scanned.filter((line) => "words" in line ? isBare(line) : true).length;
  const isAmongBare = bare * 2 >= lines.length;
  for (const line of scanned) {
    addLine(reading, "words" in line ? readProse(line, isAmongBare) : line);
  }
  return reading;
}

/** True if nine of ten lines are one name, address or URL each, and none is that of a file. */
function isNameList(lines: readonly string[]): boolean {
  let names = 0;
  for (const line of lines) {
    const word = refang(line.trim()).replace(/\s(?:#|\/\/|;).*$/, "").replace(/^\*?\./, "");
    const name = word.replace(/:\d{1,5}$/, "");
    if (isFileName(name)) return false;
    const subType = readHostName(name)?.subType ?? recognise(word, "any")?.subType ?? "";
    if (/^(?:md5|sha\d+|email_addr|cve)$/.test(recognise(word)?.subType ?? "")) return false;
    if (/^(?:domain|url|ipv[46](?:_net)?)$/.test(subType)) names++;
  }
  return names * 10 >= lines.length * 9;
}
