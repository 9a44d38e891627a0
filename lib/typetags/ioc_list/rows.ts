import { CsvError, parse } from "csv-parse/sync";
import { type Fields, isFields, type Value } from "../../tahoe/value.ts";
import { parseObject } from "../records.ts";

/** A line of free text, or the cells of a row of a table. */
export type ListRow = string | readonly string[];

/** A list of indicators, cut into rows. */
export type ListRows = {
  readonly rows: readonly ListRow[];
  /** Number of comment lines. */
  readonly comments: number;
  /** Number of elements of a JSON list that are neither strings nor objects. */
  readonly unreadable: number;
  /** True if the entries are known to be harmless: the list is a MISP warninglist. */
  readonly isBenign: boolean;
};

const COMMENT = /^\s*(?:#|\/\/|;)/;
const INNER_COMMENT = /\s(?:#|\/\/|;)/;

/** Names of columns that say where to read more about an indicator. */
const REFERENCE_COLUMN = /(?:^|[_ ])(?:link|references?|reporter)$/i;

const SEPARATORS = [",", ";", "\t"] as const;

/**
 * Cuts a list into rows: lines of text, a table with a separator, a JSON array, or a JSON object with
 * an array `list`. Undefined if the data has none of these forms.
 */
export function readRows(data: Value): ListRows | undefined {
  if (Array.isArray(data)) return readArray(data);
  const text = isFields(data) ? data["data"] : data;
  const object = parseObject(typeof text === "string" ? text : data);
  if (Array.isArray(object?.["list"])) {
    return { ...readArray(object["list"]), isBenign: isWarninglist(object) };
  }
  return typeof text === "string" ? readText(text) : undefined;
}

function isWarninglist({ name, type, version, matching_attributes }: Fields): boolean {
  const isTyped = typeof type === "string" && typeof name === "string" && version !== undefined;
  return isTyped || matching_attributes !== undefined;
}

function readArray(elements: readonly Value[]): ListRows {
  const rows: ListRow[] = [];
  for (const element of elements) {
    if (typeof element === "string") rows.push(element);
    else if (isFields(element)) rows.push(cellsOf(element));
  }
  return { rows, comments: 0, unreadable: elements.length - rows.length, isBenign: false };
}

function cellsOf(fields: Fields): readonly string[] {
  return Object.entries(fields)
    .filter(([name]) => !REFERENCE_COLUMN.test(name))
    .flatMap(([_, value]) => typeof value === "string" ? [value] : []);
}

function readText(text: string): ListRows {
  const all = text.split(/[\r\n]+/).filter((line) => line.trim() !== "");
  const lines = all.filter((line) => !COMMENT.test(line));
  const rows = readTable(lines, all) ?? lines.map(stripComment);
  return { rows, comments: all.length - lines.length, unreadable: 0, isBenign: false };
}

/**
 * The lines as a table, if a separator cuts all of them into the same number of cells. `all` also
 * has the comments.
 */
function readTable(
  lines: readonly string[],
  all: readonly string[],
): readonly ListRow[] | undefined {
  const [first] = lines;
  if (first === undefined || lines.length < 2) return undefined;
  for (const separator of SEPARATORS) {
    const table = first.includes(separator) ? parseCsv(lines.join("\n"), separator) : undefined;
    if (table === undefined) continue;
    const header = findHeader(all, first).split(separator);
    return dropReferences(table, header);
  }
  return undefined;
}

function parseCsv(text: string, separator: string): string[][] | undefined {
  try {
    return parse(text, { delimiter: separator, trim: true });
  } catch (error) {
    if (error instanceof CsvError) return undefined;
    throw error;
  }
}

/** The line with the names of the columns: some feeds put it into the last comment. */
function findHeader(all: readonly string[], first: string): string {
  const before = all[all.indexOf(first) - 1];
  return (before ?? first).replace(/^\s*(?:#|\/\/|;)\s*/, "");
}

/** The table without the columns that say where to read more. */
function dropReferences(
  table: readonly (readonly string[])[],
  header: readonly string[],
): readonly ListRow[] {
  const names = header.map((name) => name.replaceAll('"', "").trim());
  const isKept = names.map((name) => !REFERENCE_COLUMN.test(name));
  return table.map((cells) => cells.filter((_, column) => isKept[column] ?? true));
}

function stripComment(line: string): string {
  const at = line.search(INNER_COMMENT);
  return at < 0 ? line : line.slice(0, at);
}
