import { protectedUrl } from "../indicators/protected_link.ts";
import type { AttributeName } from "../tahoe/attribute.ts";
import { areComments } from "../typetags/ioc_list/comments.ts";
import { plainTables } from "../typetags/ioc_list/page_tables.ts";
import { readList as readIndicators } from "../typetags/ioc_list/read_list.ts";
import { readRules } from "../typetags/ioc_list/rules.ts";
import { type GivenValue, type GivenValues, readValue } from "./given_values.ts";
import { lineIndicators } from "./line_indicators.ts";
import { plainText } from "./plain_text.ts";
import { type CellRow, readCells } from "./read_cells.ts";
import { readJson } from "./read_json.ts";
import { hasWord, MAX_WORDS, NO_INDICATOR, readLines } from "./read_lines.ts";
import { readMail } from "./read_mail.ts";
import { readMarkup } from "./read_markup.ts";
import { readTable, type TextTable } from "./read_table.ts";
import { besidesRule } from "./rule_lines.ts";

/** A comment in a filter list, or the line by which Excel tells what separates cells. */
const COMMENT = /^(?:!|sep=.$)/;

/**
 * Reads the values in a text: of a list or table, of rules for browsers or DNS servers, of JSON, or
 * the indicators in a mail or other text. All columns are read that hold indicators. A line or cell that should
 * hold one but does not is a value with a reason.
 *
 * @throws {Rejected} EVENTS_INVALID when the text is a web page.
 */
export function readList(given: string): GivenValues {
  return withProtectedUrls(
    readJson(given) ?? readMail(given) ?? readMarkup(given) ?? readListText(plainText(given)),
  );
}

/** Values, and behind links that lead over a service that checks links, the URLs in them. */
function withProtectedUrls({ values, ...rest }: GivenValues): GivenValues {
  return {
    values: values.flatMap((given) => {
      const normal = "meaning" in given ? given.meaning.normal : undefined;
      const url = normal?.subType === "url" ? protectedUrl(String(normal.data)) : undefined;
      return url === undefined ? [given] : [given, readValue(url, "url")];
    }),
    ...rest,
  };
}

function readListText(text: string): GivenValues {
  const all = plainTables(text.split(/[\r\n]+/)).map((line) => line.trim())
    .filter((line) => line !== "");
  const marked = areComments(all);
  const isComment = (line: string, index: number) => marked[index] === true || COMMENT.test(line);
  const lines = all.filter((line, index) => !isComment(line, index));
  const comments = all.filter(isComment);
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

/** What rules name, and the other lines among them; one that is too short for a sentence is a value. */
function readRuleLines(
  lines: readonly string[],
  rules: NonNullable<ReturnType<typeof readRules>>,
): GivenValues {
  const others = lines.filter((line) => readRules([line]) === undefined)
    .map((line) => ({ line, found: lineIndicators(line) }));
  const named = [...rules.indicators, ...lines.flatMap(besidesRule)];
  const known = new Set(named.map(keyOf));
  const inText = others.filter(({ line, found }) => found.length > 0 && /\s/.test(line));
  const alone = others.filter(({ line, found }) =>
    found.length === 0 && hasWord(line) && line.split(/\s+/).length <= MAX_WORDS
  );
  const left = (rules.skipped.get(NO_INDICATOR) ?? 0) - alone.length - inText.length;
  const skipped = [...rules.skipped].filter(([what]) => what !== NO_INDICATOR);
  const more = inText.flatMap(({ found }) => found).filter((name) => !known.has(keyOf(name)));
  return {
    values: [
      ...[...named, ...more].map(({ subType, data }) => readValue(String(data), subType)),
      ...alone.map(({ line }) => ({ value: line, reason: "has no indicator" })),
    ],
    skipped: new Map([...skipped, ...counted(NO_INDICATOR, left)]),
  };
}

function keyOf({ subType, data }: AttributeName): string {
  return `${subType} ${data}`;
}

function counted(what: string, times: number): readonly (readonly [string, number])[] {
  return times > 0 ? [[what, times]] : [];
}
