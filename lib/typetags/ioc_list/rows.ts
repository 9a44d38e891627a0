import { CsvError, parse } from "csv-parse/sync";
import { type Fields, isFields, type Value } from "../../tahoe/value.ts";
import { objectOf } from "../records.ts";

/** A line of free text, or the cells of a row of a table. */
export type Row = string | readonly string[];

export type Rows = {
  readonly rows: readonly Row[];
  readonly comments: number;
  /** Of a JSON list: neither texts nor objects. */
  readonly strangers: number;
  /** What is in it is known and harmless: a MISP warninglist. */
  readonly isBenign: boolean;
};

const COMMENT = /^\s*(?:#|\/\/|;)/;

/** Columns that tell where to read more about an indicator. */
const REFERENCE_COLUMN = /(?:^|[_ ])(?:link|references?|reporter)$/i;

const SEPARATORS = [",", ";", "\t"] as const;

/**
 * The rows of a list: lines of text, a table with a separator, an array of JSON, or one in `list`
 * of an object. Undefined if it is none of these.
 */
export function rowsIn(data: Value): Rows | undefined {
  if (Array.isArray(data)) return rowsOfArray(data);
  const text = isFields(data) ? data["data"] : data;
  const object = objectOf(typeof text === "string" ? text : data);
  if (Array.isArray(object?.["list"])) {
    return { ...rowsOfArray(object["list"]), isBenign: isWarninglist(object) };
  }
  return typeof text === "string" ? rowsOfText(text) : undefined;
}

function isWarninglist({ name, type, version, matching_attributes }: Fields): boolean {
  const isTyped = typeof type === "string" && typeof name === "string" && version !== undefined;
  return isTyped || matching_attributes !== undefined;
}

function rowsOfArray(entries: readonly Value[]): Rows {
  const rows: Row[] = [];
  for (const entry of entries) {
    if (typeof entry === "string") rows.push(entry);
    else if (isFields(entry)) rows.push(cellsOf(entry));
  }
  return { rows, comments: 0, strangers: entries.length - rows.length, isBenign: false };
}

function cellsOf(entry: Fields): readonly string[] {
  return Object.entries(entry)
    .filter(([name]) => !REFERENCE_COLUMN.test(name))
    .flatMap(([_, value]) => typeof value === "string" ? [value] : []);
}

function rowsOfText(text: string): Rows {
  const lines = text.split(/[\r\n]+/).filter((line) => line.trim() !== "");
  const plain = lines.filter((line) => !COMMENT.test(line));
  const comments = lines.length - plain.length;
  const rows = tableOf(plain, lines) ?? plain.map(withoutComment);
  return { rows, comments, strangers: 0, isBenign: false };
}

/** The lines as a table, if a separator parts all of them into equally many cells. */
function tableOf(plain: readonly string[], lines: readonly string[]): readonly Row[] | undefined {
  const [first, second] = plain;
  if (first === undefined || second === undefined) return undefined;
  for (const separator of SEPARATORS) {
    const records = first.includes(separator) ? cut(plain.join("\n"), separator) : undefined;
    if (records !== undefined) return withoutReferences(records, headLine(lines, first), separator);
  }
  return undefined;
}

function cut(text: string, separator: string): string[][] | undefined {
  try {
    return parse(text, { delimiter: separator, trim: true });
  } catch (error) {
    if (error instanceof CsvError) return undefined;
    throw error;
  }
}

/** Some feeds name their columns in the last comment. */
function headLine(lines: readonly string[], first: string): string {
  const before = lines[lines.indexOf(first) - 1];
  return (before ?? first).replace(/^\s*(?:#|\/\/|;)\s*/, "");
}

function withoutReferences(
  records: readonly (readonly string[])[],
  head: string,
  separator: string,
): readonly Row[] {
  const names = head.split(separator).map((name) => name.replaceAll('"', "").trim());
  const isKept = names.map((name) => !REFERENCE_COLUMN.test(name));
  return records.map((cells) => cells.filter((_, column) => isKept[column] ?? true));
}

function withoutComment(line: string): string {
  const at = line.search(/\s(?:#|\/\/|;)/);
  return at < 0 ? line : line.slice(0, at);
}
