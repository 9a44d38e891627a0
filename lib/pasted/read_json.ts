import { parseJson } from "../tahoe/json.ts";
import type { Value } from "../tahoe/value.ts";
import { damagedElements, damagedObject } from "../typetags/damaged_json.ts";
import { type GivenValues, joinValues, readValue } from "./given_values.ts";
import { jsonCells } from "./json_cells.ts";
import { lineIndicators } from "./line_indicators.ts";
import { readCells } from "./read_cells.ts";
import { readLines } from "./read_lines.ts";
import { isReference } from "./reference_column.ts";

/** Characters of broken JSON that a row shows. */
const MAX_SHOWN = 80;

/**
 * Reads the values in JSON or JSON Lines, also in what is whole of a damaged list. Undefined for
 * other texts.
 */
export function readJson(text: string): GivenValues | undefined {
  const json = parseJsonText(text);
  return json && joinValues([readValues(json.value), ...json.broken.map(readBroken)]);
}

/** A JSON document, or the list of those in a text, and what stands between them and is not JSON. */
type JsonText = { readonly value: Value; readonly broken: readonly string[] };

/** Reads a JSON text, also one that is damaged or cut off; undefined for other texts. */
function parseJsonText(text: string): JsonText | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  const value = tryParse(text);
  if (value !== undefined) return { value, broken: [] };
  const damaged = damagedObject(text);
  if (damaged !== undefined) return { value: damaged.object, broken: damaged.broken };
  const elements = damagedElements(text);
  const lines = elements ?? text.split(/[\r\n]+/).filter((line) => line.trim() !== "");
  const parsed = lines.map(tryParse);
  const records = parsed.filter((record) => record !== undefined);
  const isJson = elements !== undefined || records.length * 2 >= lines.length;
  if (records.length === 0 || !isJson) return undefined;
  return { value: records, broken: lines.filter((_, index) => parsed[index] === undefined) };
}

/** A member of an object whose value is a string. */
const MEMBER = /"([^"\\\n]{1,100})"\s*:\s*"(?:[^"\\\n]|\\.)*"/g;

/** The indicators in what is not JSON between JSON, if there are any. */
function readBroken(text: string): GivenValues {
  const plain = withoutCutString(text)
    .replaceAll(MEMBER, (all, name: string) => isReference(name) ? "" : all);
  const found = lineIndicators(plain).map(({ subType, data }) => readValue(String(data), subType));
  const unread = { value: text.slice(0, MAX_SHOWN), reason: "is not JSON, and has no indicator" };
  return { values: found.length > 0 ? found : [unread], skipped: new Map() };
}

/** A text up to the string that is not closed in it, where JSON was cut off: its value goes on. */
function withoutCutString(text: string): string {
  let open: number | undefined;
  for (const { 0: mark, index } of text.matchAll(/\\[^]|"/g)) {
    if (mark === '"') open = open === undefined ? index : undefined;
  }
  return text.slice(0, open);
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

function readValues(value: Value): GivenValues {
  const { lines, rows } = jsonCells(value);
  const { values, unreadColumns, emptyRows } = readCells(rows);
  const text = lines.flatMap((line) => line.split(/[\r\n]+/)).filter((line) => line.trim() !== "");
  const read = readLines(text, []);
  const count = emptyRows.length;
  const without = count === 0 ? [] : [["record without an indicator", count]] as const;
  return {
    values: [...read.values, ...values],
    skipped: new Map([...read.skipped, ...without]),
    unreadColumns,
  };
}
