import { joinBrokenHashes } from "../../indicators/broken_hash.ts";
import { type Fields, isFields, type Value } from "../../tahoe/value.ts";
import { type DamagedObject, damagedObject } from "../damaged_json.ts";
import { refusePage } from "../page.ts";
import { parseArray, splitJsonLines } from "../records.ts";
import { parseObject } from "../storable_json.ts";
import { areComments } from "./comments.ts";
import { withoutDirections } from "./directions.ts";
import { joinBlocks } from "./dns.ts";
import { withoutExceptions } from "./exceptions.ts";
import { readLines } from "./free_text.ts";
import { inventoryOf } from "./inventory.ts";
import { type JsonItems, openArray, openObject } from "./json_list.ts";
import { otherObject } from "./other_objects.ts";
import { otherText } from "./other_texts.ts";
import { areOwnHosts } from "./own_hosts.ts";
import { plainTables, takeTables } from "./page_tables.ts";
import { countSkipped, type ListReading } from "./reading.ts";
import { withoutContacts } from "./registry.ts";
import { readRules } from "./rules.ts";
import { lineSections, type Section } from "./sections.ts";
import { readRow, readWordTable } from "./small_tables.ts";
import {
  readNamedColumn,
  readNamedTable,
  readPlainTable,
  readRecords,
  readRows,
  readSpacedTable,
} from "./table.ts";

/** A list of indicators, and whether they are known to be harmless: a MISP warninglist. */
export type IndicatorList = ListReading & { readonly isBenign: boolean };

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
  const damaged = typeof text === "string" ? damagedObject(text) : undefined;
  const object = damaged?.object ?? parseObject(typeof text === "string" ? text : data);
  const list = object && readObject(object);
  if (list !== undefined) return withBroken(list, damaged);
  return typeof text === "string" ? { ...readText(text), isBenign: false } : undefined;
}

function readObject(object: Fields): IndicatorList {
  if (Array.isArray(object["list"])) {
    return { ...readItems(openArray(object["list"])), isBenign: isWarninglist(object) };
  }
  const otherKind = otherObject(object);
  const reading = readItems(openObject(object));
  return { ...reading, ...(otherKind !== undefined && { otherKind }), isBenign: false };
}

const NOT_AN_OBJECT = "The line is not a JSON object";

function withBroken(list: IndicatorList, damaged: DamagedObject | undefined): IndicatorList {
  damaged?.broken.forEach((_, index) => {
    list.rejected.push({ record: list.indicators.length + index + 1, reason: NOT_AN_OBJECT });
  });
  return list;
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
  const otherKind = first.otherKind ?? second.otherKind;
  const skipped = new Map(first.skipped);
  for (const [what, times] of second.skipped) countSkipped(skipped, what, times);
  return {
    indicators: [...first.indicators, ...second.indicators],
    skipped,
    rejected: [...first.rejected, ...second.rejected],
    ...(otherKind !== undefined && { otherKind }),
  };
}

const LINE_BREAK = /[\r\n\v\f\x85\u2028\u2029]+/;

/** Lines that are blank, fences around code in Markdown, and how Excel names a separator. */
const NO_CONTENT = /^(?:```.*|~~~.*|sep=.)?$/i;

function readText(given: string): ListReading {
  const text = joinBrokenHashes(withoutDirections(given));
  refusePage(text);
  const written = text.split(LINE_BREAK).filter((line) => !NO_CONTENT.test(line.trim()));
  const otherKind = otherText(written) ??
    (areOwnHosts(written) ? "the hosts file of a machine" : undefined);
  const reading = readListLines(written);
  return { ...reading, ...(otherKind !== undefined && { otherKind }) };
}

function readListLines(written: readonly string[]): ListReading {
  const { lines: answers, contacts } = withoutContacts(written);
  const tables = plainTables(answers);
  const { lines: all, exceptions } = withoutExceptions(joinBlocks(tables));
  const comments = areComments(all);
  const lines = all.filter((_, index) => !comments[index]);
  const start = comments.indexOf(false);
  const leading = all.slice(0, start < 0 ? all.length : start)
    .map((line) => line.replace(/^\s*(?:#|\/\/|;)+\s*(?:fields\t)?/, ""));
  const { sections: ofAll, headings } = lineSections(all);
  const sections = ofAll.filter((_, index) => !comments[index]);
  const json = readJsonLines(lines);
  const reading = json ?? readPage(lines, sections) ??
    readNamedTable(lines, leading) ?? readRules(lines) ?? readSpacedTable(lines, leading) ??
    (headings < 2 ? readNamedColumn(lines) : undefined) ?? readWordTable(lines) ??
    readPlainTable(lines, leading) ?? readRow(lines) ??
    readLines(lines, sections);
  countSkipped(reading.skipped, "comment", all.length - lines.length);
  countSkipped(reading.skipped, "exception", exceptions);
  countSkipped(reading.skipped, "contact of a registry", contacts);
  return json === undefined && isBrokenJson(lines) ? { ...reading, isBrokenJson: true } : reading;
}

/**
 * The start of an object, also in an array and as Python prints it, and how all lines of JSON of
 * objects begin.
 */
const OBJECT_START = /^\s*(?:\[\s*)?\{\s*(["'])(?:[^"'\\\n]|\\.){1,100}\1\s*:/;
const JSON_LINE = /^\s*(?:["'{}[\],]|-?\d|true|false|null)/i;

/**
 * True for JSON of objects none of which is whole: as text, its references would be indicators, and
 * what a warninglist names as harmless, too.
 */
function isBrokenJson(lines: readonly string[]): boolean {
  return OBJECT_START.test(lines.slice(0, 3).join("\n")) &&
    lines.every((line) => JSON_LINE.test(line));
}

/** Reads a page of Markdown or of a wiki: its tables, and the other lines; undefined without tables. */
function readPage(
  lines: readonly string[],
  sections: readonly Section[],
): ListReading | undefined {
  const { tables, rest } = takeTables(lines);
  if (tables.length === 0) return undefined;
  const outside = rest.map((index) => lines[index]!);
  const prose = readLines(outside, rest.map((index) => sections[index]!));
  const read = tables.filter(({ at, header }) =>
    sections[at]?.label === undefined && inventoryOf(header) === undefined
  );
  countSkipped(prose.skipped, "table of what is not to be looked for", tables.length - read.length);
  return read.map(readRows).reduce(joinReadings, prose);
}

/** Reads text most of which is JSON objects, on lines of their own, in a damaged array or not; undefined for others. */
function readJsonLines(lines: readonly string[]): ListReading | undefined {
  if (!lines.some((line) => /^\s*[[{]/.test(line))) return undefined;
  const text = lines.join("\n");
  const array = parseArray(text);
  if (array !== undefined) return readItems(openArray(array));
  const parsed = (splitJsonLines(text) ?? lines).map((line) => parseObject(line));
  const fields = parsed.filter((object) => object !== undefined);
  if (fields.length === 0 || fields.length * 2 < parsed.length) return undefined;
  const reading = readItems(openArray(fields));
  parsed.forEach((object, index) => {
    if (object !== undefined) return;
    reading.rejected.push({ record: index + 1, reason: NOT_AN_OBJECT });
  });
  return reading;
}
