import { addressFault } from "../indicators/address_fault.ts";
import type { Indicator } from "../indicators/recognise.ts";
import { refang } from "../indicators/refang.ts";
import type { AttributeName } from "../tahoe/attribute.ts";
import { readerByName } from "../typetags/ioc_list/columns.ts";
import { type GivenValue, type GivenValues, readValue } from "./given_values.ts";
import { lineIndicators } from "./line_indicators.ts";
import { isEndpoint, takeLogLineApart } from "./log_line.ts";
import { readNamedColumn } from "./named_column.ts";

/** Words up to which a line without an indicator is a value that cannot be read, not a sentence. */
export const MAX_WORDS = 4;

export const NO_INDICATOR = "line without an indicator";

/** A mark behind a word or a comma in it, as in sentences, salutations and headings. */
const SENTENCE = /[\p{L}\p{N}]["')\]]?[.!?:,]$|\p{L},\s+\p{L}/u;

/** The name before a value, as in a form: `Source Port: 443`. */
const FIELD = /^\p{L}[\p{L}\p{N} ()/-]{1,40}:(?=\s|$)/u;

/** A line, and what it holds. */
type ReadLine = { readonly line: string; readonly values: readonly GivenValue[] };

/**
 * Reads lines of text, whose indicators `known` were found by the reader of lists: in a list,
 * a line without an indicator is a value that cannot be read; in other text, the words around the
 * indicators are only counted.
 */
export function readLines(lines: readonly string[], known: readonly Indicator[]): GivenValues {
  const column = readNamedColumn(lines);
  if (column !== undefined) return { values: column, skipped: new Map() };
  const find = finderOf(known);
  const [first = ""] = lines;
  const body = lines.length > 1 && readerByName([first]) !== undefined ? lines.slice(1) : lines;
  const read = body.filter(hasWord).map((line) => ({ line, values: valuesOf(line, find) }));
  const others = read.filter(({ values }) => values.length === 0).map(({ line }) => line);
  const isText = isProse(others);
  const unread = new Set(others.filter((line) => isBrokenAddress(line) || !isText));
  const skipped = others.length - unread.size;
  return {
    values: read.flatMap(({ line, values }: ReadLine) =>
      unread.has(line) ? [readValue(line)] : values
    ),
    skipped: new Map(skipped === 0 ? [] : [[NO_INDICATOR, skipped]]),
  };
}

/** Tells whether a line is more than a rule of marks, such as `-----` or `|---|---|`. */
export function hasWord(line: string): boolean {
  return /[\p{L}\p{N}]/u.test(line);
}

/** Finds the indicator that a line is, among those that are known. */
type Finder = (line: string) => Indicator | undefined;

function finderOf(known: readonly Indicator[]): Finder {
  const exact = new Map(known.map((each) => [each.data, each]));
  // Names and hashes are the same in any case; `/a` and `/A` are two pages.
  const inAnyCase = new Map(
    known.filter(({ subType }) => subType !== "url" && subType !== "email_addr")
      .map((each) => [each.data.toLowerCase(), each]),
  );
  return (line) => {
    const text = refang(line);
    return exact.get(text) ?? inAnyCase.get(text.toLowerCase());
  };
}

function valuesOf(line: string, find: Finder): readonly GivenValue[] {
  const whole = find(line);
  if (whole !== undefined && !isEndpoint(line, whole)) return [givenAs(whole, line)];
  if (isUrlWithBar(line)) return [readValue(line)];
  const found = lineIndicators(line);
  const [only] = found;
  if (isAlone(line) && (found.length < 2 || takeLogLineApart(line) === line)) {
    if (found.length === 1) return [givenAs(only!, line)];
    const given = readValue(line);
    if ("meaning" in given) return [given];
  }
  return found.map((each) => givenAs(each, String(each.data)));
}

/** Tells whether a line is a URL whose bar may be its own, or stand before a cell: both are asked for. */
function isUrlWithBar(line: string): boolean {
  return /^[a-z][a-z0-9+.*-]{1,15}\[?:\/\/[^\s|?]*\?[^\s|<>"]*\|[^\s|]*$/i.test(line);
}

function givenAs({ subType, data }: AttributeName, value: string): GivenValue {
  return { ...readValue(String(data), subType), value };
}

/** Tells whether a line is one value, and not a row of a table or a sentence. */
export function isAlone(line: string): boolean {
  return !/^\{|\s/.test(line) && (!/[,;|]/.test(line) || line.includes("://"));
}

/** Tells whether lines without an indicator are parts of a text, and not values of a list. */
function isProse(lines: readonly string[]): boolean {
  const sentences = lines.filter((line) => SENTENCE.test(line));
  const long = lines.filter((line) => line.split(/\s+/).length > MAX_WORDS);
  const fields = new Set(lines.flatMap((line) => FIELD.exec(line)?.[0] ?? []));
  return sentences.length > 0 || fields.size > 1 || long.length > 1 ||
    (long.length === 1 && lines.length > 1);
}

/** Tells whether a line is nothing but an address with a fault. */
function isBrokenAddress(line: string): boolean {
  return /^\S+$/.test(line) && addressFault(line) !== undefined;
}
