import type { TypeCandidate } from "./candidate.ts";
import { HARMLESS_NAME } from "./doubt.ts";
import { indicatorColumn, isOfOtherKind } from "./table.ts";
import { isOtherColumn, unreadColumn } from "../ioc_list/columns.ts";
import { withoutComment } from "../ioc_list/prose.ts";
import { readCell, scan } from "../ioc_list/scan.ts";

/** Lines of a list that are looked at. */
const SAMPLE_LINES = 200;

/** Blank lines, and how Excel names the separator. */
const NO_CONTENT = /^\s*(?:sep=.)?\s*$/i;

const COMMENT = /^\s*(?:#|\/\/|;|!)/;

/** Name of a header of a mail (RFC 5322): anything printable but a colon. */
const HEADER_FIELD = /^([!-9;-~]+)[ \t]*:/;

/** Headers that only mail has: those of its way, which stand first. */
const TRACE_HEADERS = ["return-path", "delivered-to", "received", "message-id"];

const URL_LINE = /^\s*(?:https?|ftp):\/\/\S+\s*$/i;

/** Columns whose values are indicators; a table with one of them is a list of indicators. */
const INDICATOR_COLUMN =
  /^(?:ioc|ioc_value|indicators?|ip|ip_?addr(?:ess)?|dst_ip|domain|host(?:name)?|url|uri|md5(?:_hash)?|sha1(?:_hash)?|sha256(?:_hash)?|file_?hash)$/i;

/** A line that may name a single column. */
const COLUMN_NAME = /^\s*"?([A-Za-z][\w -]{0,30})"?\s*$/;

/** Single columns of what is not to be looked for, or of what belongs to whoever made the list. */
const OTHER_NAME =
  /\b(?:our|my|own|internal|assets?|inventory|customers?|clients?|partners?|members?|sites?|employees?|users?|servers?)\b/i;

/** What text that is not JSON could be. */
export function recogniseText(name: string, text: string): readonly TypeCandidate[] {
  if (/^[[{]\s*["{[]/.test(text)) return [];
  const mail = recogniseMail(name, text);
  if (mail !== undefined) return [mail];
  const lines = text.split(/\r\n?|\n/).slice(0, SAMPLE_LINES).filter((line) =>
    !NO_CONTENT.test(line)
  );
  const rows = lines.filter((line) => !COMMENT.test(line));
  return rows.length === 0 ? [] : recogniseList(name, lines, rows);
}

/** The line before the first message of an mbox file, with a time of any form; or of an MMDF file. */
const MBOX_START =
  // deno-lint-ignore no-control-regex -- the format marks its messages with them
  /^(?:From \S.{0,300}\d\d:\d\d(?:.{0,100} \d{4}|.{0,100}\r?\n[!-9;-~]+:)|\x01{4}\r?\n[!-9;-~]+:)/;

/** A message of an mbox file that begins in the middle of another. */
const LATER_MESSAGE = /\n\r?\nFrom \S.{0,300}\d\d:\d\d.{0,100}\r?\n[!-9;-~]+:/;

function recogniseMail(name: string, text: string): TypeCandidate | undefined {
  if (MBOX_START.test(text)) return { typetag: "email", reason: "it begins like an mbox" };
  if (/\.mbox(?:\.gz)?$/i.test(name) && LATER_MESSAGE.test(text)) {
    return { typetag: "email", reason: "its name ends in .mbox, and it holds messages" };
  }
  const [headers = ""] = text.split(/\r?\n\r?\n/, 1);
  const names = headers.trimEnd().replace(/^From \S.*\r?\n/, "").split(/\r?\n/)
    .filter((line) => !/^[ \t]/.test(line))
    .map((line) => HEADER_FIELD.exec(line)?.[1]?.toLowerCase());
  const has = (...any: readonly string[]) => any.some((header) => names.includes(header));
  if (names.includes(undefined)) return undefined;
  if (has("from") && has("date", ...TRACE_HEADERS) && has("to", "subject")) {
    return { typetag: "email", reason: "it begins with the headers of a mail" };
  }
  const isNamed = /\.eml(?:\.gz)?$/i.test(name) && has("from", ...TRACE_HEADERS);
  return isNamed
    ? { typetag: "email", reason: "its name ends in .eml, and it begins with headers of a mail" }
    : undefined;
}

function recogniseList(
  name: string,
  lines: readonly string[],
  rows: readonly string[],
): readonly TypeCandidate[] {
  const columns = columnNames(lines, rows[0]!);
  if (columns.includes("phish_id")) {
    return [{ typetag: "phishtank_feed", reason: "it is a table with the column phish_id" }];
  }
  if (isOfOtherKind(columns)) return [];
  const feed = /openphish|phishtank/i.exec(name)?.[0]?.toLowerCase();
  if (feed !== undefined && rows.every((row) => URL_LINE.test(row))) {
    return [{ typetag: `${feed}_feed`, reason: `its name says ${feed}, and its lines are URLs` }];
  }
  const column = columns.find((column) => INDICATOR_COLUMN.test(column)) ?? singleColumn(rows) ??
    indicatorColumn(lines.filter((line) => COMMENT.test(line)), rows);
  const isList = column !== undefined || withoutName(rows).every(isIndicators);
  if (!isList || HARMLESS_NAME.test(name)) return [];
  const reason = column === undefined
    ? "its lines are nothing but indicators"
    : `it is a table with the column ${column}`;
  return [{ typetag: "ioc_list", reason }];
}

/** The name of the only column, if that names an indicator and all rows are such. */
function singleColumn([first = "", ...rest]: readonly string[]): string | undefined {
  const name = COLUMN_NAME.exec(first)?.[1]?.trim().toLowerCase().replaceAll(/[ -]/g, "_");
  if (name === undefined || !INDICATOR_COLUMN.test(name)) return undefined;
  const isAnyName = /^(?:domain|host(?:name)?)$/.test(name);
  return rest.every((row) => readCell(row, isAnyName ? "any" : false).length > 0)
    ? name
    : undefined;
}

/** The rows behind a name of their column that says nothing against indicators. */
function withoutName(rows: readonly string[]): readonly string[] {
  const name = COLUMN_NAME.exec(rows[0]!)?.[1];
  const isNamed = name !== undefined && rows.length > 1 && !isIndicators(rows[0]!) &&
    !HARMLESS_NAME.test(name) && !OTHER_NAME.test(name.replaceAll("_", " ")) &&
    !isOtherColumn(name) && unreadColumn(name) === undefined;
  return isNamed ? rows.slice(1) : rows;
}

/** Names of a table's columns: in the first row, or in the comment before it. */
function columnNames(lines: readonly string[], first: string): readonly string[] {
  const before = lines[lines.indexOf(first) - 1];
  for (const line of [first, before?.replace(/^[\s#;/!]+/, "")]) {
    const cells = line?.split(/[,;\t|]/).map((cell) => cell.replaceAll('"', "").trim()) ?? [];
    const areNames = cells.length > 1 && cells.every((cell) => /^[A-Za-z][\w -]{0,30}$/.test(cell));
    if (areNames) return cells.map((cell) => cell.toLowerCase().replaceAll(/[ -]/g, "_"));
  }
  return [];
}

function isIndicators(row: string): boolean {
  const { words } = scan(withoutComment(row));
  return words.length > 0 && words.every(({ indicator }) => indicator !== undefined);
}
