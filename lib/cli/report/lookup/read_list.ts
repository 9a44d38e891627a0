import { parseJson } from "../../../tahoe/json.ts";
import type { Value } from "../../../tahoe/value.ts";
import { readList as readIndicators } from "../../../typetags/ioc_list/read_list.ts";
import { readRules } from "../../../typetags/ioc_list/rules.ts";
import { type GivenValue, type GivenValues, joinValues, readValue } from "./given_values.ts";
import { jsonCells } from "./json_cells.ts";
import { lineIndicators } from "./line_indicators.ts";
import { type CellRow, readCells } from "./read_cells.ts";
import { hasWord, MAX_WORDS, NO_INDICATOR, readLines } from "./read_lines.ts";
import { readTable, type TextTable } from "./read_table.ts";

/** Characters of a line that a row shows. */
const MAX_SHOWN = 80;

/** A comment, or the line by which Excel tells what separates cells. */
const COMMENT = /^\s*(?:#|\/\/|;|!|sep=.$)/;

/**
 * Reads the values in a text: of a list or table, of rules for browsers or DNS servers, of JSON, or
 * the indicators in other text. All columns are read that hold indicators. A line or cell that should
 * hold one but does not is a value with a reason.
 *
 * @throws {Rejected} EVENTS_INVALID when the text is a web page.
 */
export function readList(text: string): GivenValues {
  const json = parseJsonText(text);
  if (json !== undefined) return joinValues([readJson(json.value), ...json.broken.map(readBroken)]);
  const all = text.split(/[\r\n]+/).map((line) => line.trim()).filter((line) => line !== "");
  const lines = all.filter((line) => !COMMENT.test(line));
  const comments = all.filter((line) => COMMENT.test(line));
  const list = readIndicators(text)!;
  const rules = readRules(lines);
  const table = readTable(lines, comments);
  const read = table !== undefined && rules === undefined
    ? readTextTable(table)
    : rules === undefined
    ? readLines(lines, list.indicators)
    : readRuleLines(lines, rules);
  const comment = comments.length === 0 ? [] : [["comment", comments.length]] as const;
  return { ...read, skipped: new Map([...comment, ...read.skipped]) };
}

/** Reads a list in which each line is a value of the sub-type. */
export function readLinesAs(text: string, subType: string): GivenValues {
  const lines = text.split(/[\r\n]+/).filter((line) => line.trim() !== "");
  return { values: lines.map((line) => readValue(line, subType)), skipped: new Map() };
}

/** A JSON document, or the list of those in the lines of a text, and the lines that are none. */
type JsonText = { readonly value: Value; readonly broken: readonly string[] };

/** Reads a JSON text; undefined for other texts. */
function parseJsonText(text: string): JsonText | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  const value = tryParse(text);
  if (value !== undefined) return { value, broken: [] };
  const lines = text.split(/[\r\n]+/).filter((line) => line.trim() !== "");
  const parsed = lines.map(tryParse);
  const records = parsed.filter((record) => record !== undefined);
  if (records.length === 0 || records.length * 2 < lines.length) return undefined;
  return { value: records, broken: lines.filter((_, index) => parsed[index] === undefined) };
}

/** A line between those of JSON: the indicators in it, if there are any. */
function readBroken(line: string): GivenValues {
  const found = lineIndicators(line).map(({ subType, data }) => readValue(String(data), subType));
  const unread = { value: line.slice(0, MAX_SHOWN), reason: "is not JSON, and has no indicator" };
  return { values: found.length > 0 ? found : [unread], skipped: new Map() };
}

function tryParse(text: string): Value | undefined {
  try {
    const value = parseJson(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

function readJson(value: Value): GivenValues {
  const { lines, rows } = jsonCells(value);
  const { values, unreadColumns, emptyRows } = readCells(rows);
  const text = lines.flatMap((line) => line.split(/[\r\n]+/)).filter((line) => line.trim() !== "");
  const read = readLines(text, []);
  return {
    values: [...read.values, ...values],
    skipped: new Map([
      ...read.skipped,
      ...counted("record without an indicator", emptyRows.length),
    ]),
    unreadColumns,
  };
}

function readTextTable({ rows, separator, others }: TextTable): GivenValues {
  const { values, unreadColumns, emptyRows } = readCells(rows);
  const lines = [...emptyRows.map((row) => rowText(row, separator)), ...others].filter(hasWord);
  const rest = lines.map(readOtherLine);
  const found = rest.filter((given) => given !== undefined).flat();
  return {
    values: [...values, ...found],
    skipped: new Map(counted(NO_INDICATOR, rest.filter((given) => given === undefined).length)),
    unreadColumns,
  };
}

function rowText(row: CellRow, separator: string): string {
  return [...row.values()].join(separator);
}

/** A line outside the columns of a table; undefined for a sentence. */
function readOtherLine(line: string): readonly GivenValue[] | undefined {
  const found = lineIndicators(line);
  if (found.length > 0) return found.map(({ subType, data }) => readValue(String(data), subType));
  if (line.split(/\s+/).length > MAX_WORDS) return undefined;
  return [{ value: line, reason: "has no indicator" }];
}

/** What rules name; a line among them that is too short for a sentence is a value. */
function readRuleLines(
  lines: readonly string[],
  rules: NonNullable<ReturnType<typeof readRules>>,
): GivenValues {
  const alone = lines.map((line) => line.split(/\s+/).length <= MAX_WORDS ? line : "")
    .filter((line) => line !== "" && isNoRule(line));
  const left = (rules.skipped.get(NO_INDICATOR) ?? 0) - alone.length;
  const skipped = [...rules.skipped].filter(([what]) => what !== NO_INDICATOR);
  return {
    values: [
      ...rules.indicators.map(({ subType, data }) => readValue(data, subType)),
      ...alone.map((line) => ({ value: line, reason: "has no indicator" })),
    ],
    skipped: new Map([...skipped, ...counted(NO_INDICATOR, left)]),
  };
}

/** Tells whether a line is neither a rule nor holds an indicator. */
function isNoRule(line: string): boolean {
  return readRules([line]) === undefined && lineIndicators(line).length === 0;
}

function counted(what: string, times: number): readonly (readonly [string, number])[] {
  return times > 0 ? [[what, times]] : [];
}
