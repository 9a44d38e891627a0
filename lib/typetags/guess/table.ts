import { splitCells } from "../ioc_list/cells.ts";
import { NAME_COLUMN, NAME_TYPE, plainName, TYPE_COLUMN } from "../ioc_list/column_names.ts";
import { isHashColumn, isOtherColumn, readerByName } from "../ioc_list/columns.ts";
import { inventoryOf } from "../ioc_list/inventory.ts";
import { readCell } from "../ioc_list/scan.ts";
import { SEPARATORS } from "../ioc_list/table.ts";
import { hasBothEnds } from "../ioc_list/unread_columns.ts";

/** Lines before the header, such as the title of a sheet, at most. */
const TITLE_LINES = 4;

/** Columns that nothing but a list of indicators has, if they hold such. */
const LIST_COLUMN =
  /^(?:(?:ioc|indicator|observable|artifact)s?(?:value)?|ip(?:v[46])?(?:addr(?:ess)?|range)?s?|network(?:ip|cidr(?:block)?)|cidr|netblock|domain(?:name)?s?|fqdns?|host(?:name)?s?|(?:full|payload|download)?ur[li]s?|cve(?:id)?s?)$/;
const HOSTILE_COLUMN =
  /^(?:c2|cnc|attack(?:er|ing)?|malicious|phish(?:ing)?|malware|ransomware|botnet|scam|spam|(?:block|deny|black|ban)(?:list)?(?:ed)?|banned)(?:ip|addr|domain|host|server|url|net|cidr)|^(?:c2|cnc|attacker)s?$/;
const VALUE_COLUMN = /^(?:value|indicator|ioc|observable)s?$/;
/** What lists call the kinds of indicators, in the column of types. */
const KIND =
  /^(?:(?:intel::)?addr|ip(?:v[46])?(?:addr(?:ess)?|dst|src|port)*|cidr|url|uri|md5|sha\d+|filehash\w*|hash\w*|(?:filename)?(?:md5|sha\d+|imphash)|email\w*|cve|vulnerability)$/;

/** `|---|:--:|`: what stands between header and rows in Markdown. */
const RULER = /^\s*\|?\s*:?-{2,}:?\s*\|/;

/** Columns of logs of servers and proxies: who asked for what, and how it went. */
const LOG_COLUMN =
  /^(?:(?:http|request|cs)?(?:method|useragent|referr?er)|(?:http|response|sc)?status(?:code)?|(?:client|user|remote|cs?)(?:ip|host|addr(?:ess)?|name)|(?:bytes|sc|cs)(?:in|out|sent|received|bytes)?|durationm?s?|elapsed|session(?:id)?|(?:query|record|q)type(?:name)?|rcode(?:name)?)$/;

/** Tells whether a table is a log of a server or proxy, of which most lines are harmless. */
export function isLog(names: readonly string[]): boolean {
  return names.filter((name) => LOG_COLUMN.test(plainName(name))).length > 1;
}

/** Tells whether a table says by the names of its columns that it is not one of indicators. */
export function isOfOtherKind(names: readonly string[]): boolean {
  return hasBothEnds(names) || isLog(names) || inventoryOf(names) !== undefined;
}

/** A table: the names of its columns, and rows below them. */
type NamedTable = {
  readonly names: readonly string[];
  readonly rows: readonly (readonly string[])[];
};

/**
 * The name of the column by which a table is a list of indicators: it is called so, and half of its
 * filled cells are such. Undefined for other tables and texts, and for tables of traffic.
 */
export function indicatorColumn(
  comments: readonly string[],
  rows: readonly string[],
): string | undefined {
  // A report in Markdown, with tables of anything below its headings.
  if (comments.length > 1 && rows.some((row) => RULER.test(row))) return undefined;
  const headers = [
    ...rows.slice(0, 1 + TITLE_LINES).map((line, at) => ({ line, below: rows.slice(at + 1) })),
    ...comments.map((line) => ({
      line: line.replace(/^[\s#;/!]+(?:fields\s|[\w ]{1,20}:\s)?/i, ""),
      below: rows,
    })),
  ];
  for (const { line, below } of headers) {
    for (const separator of SEPARATORS) {
      const table = namedTable(line, below, separator);
      const column = table && !isOfOtherKind(table.names) ? columnOf(table) : undefined;
      if (column !== undefined) return column;
    }
  }
  return undefined;
}

function namedTable(
  line: string,
  below: readonly string[],
  separator: string,
): NamedTable | undefined {
  const names = line.includes(separator) ? splitCells(line, separator) : undefined;
  if (names === undefined || names.length < 2 || !names.every(isName)) return undefined;
  const rows = below.map((row) => splitCells(row, separator) ?? []);
  const fit = rows.filter((cells) => cells.length === names.length);
  return fit.length > 0 && fit.length * 2 >= rows.length ? { names, rows: fit } : undefined;
}

function isName(cell: string): boolean {
  return cell.length <= 40 && readCell(cell).length === 0;
}

function columnOf({ names, rows }: NamedTable): string | undefined {
  const type = names.findIndex((name) => TYPE_COLUMN.test(plainName(name)));
  const hasKinds = rows.some((cells) => isKind(cells[type] ?? ""));
  return names.find((name, column) => {
    const plain = plainName(name);
    const isClear = LIST_COLUMN.test(plain) || HOSTILE_COLUMN.test(plain) ||
      (hasKinds && VALUE_COLUMN.test(plain)) || isHashColumn(name);
    if (!isClear || isOtherColumn(name) || readerByName([name]) === undefined) return false;
    const certainty = NAME_COLUMN.test(plain) || VALUE_COLUMN.test(plain) ? "any" : false;
    const filled = rows.map((cells) => cells[column]!).filter((cell) => /[^\s-]/.test(cell));
    const found = filled.filter((cell) => readCell(cell, certainty).length > 0);
    return found.length > 0 && found.length * 2 >= filled.length;
  });
}

function isKind(text: string): boolean {
  const plain = plainName(text.replace(/^intel::/i, ""));
  return KIND.test(plain) || NAME_TYPE.test(plain);
}
