import { Rejected } from "../errors.ts";
import { stripPythonSpace } from "../tahoe/canonical.ts";
import { type Fields, isFields, type Value } from "../tahoe/value.ts";
import { type CsvRow, type CsvSeparator, readCsv } from "./csv_rows.ts";
import { damagedObject } from "./damaged_json.ts";
import type { Filter, FilterResult, UploadSource } from "./filter.ts";
import { InstanceCollector } from "./instance_collector.ts";
import { refusePage } from "./page.ts";
import { countReasons, listReasons } from "./reasons.ts";
import { parseArray, splitJsonLines, unparsedText } from "./records.ts";
import { parseObject } from "./storable_json.ts";

/**
 * Reads addresses of phishing sites: one per line, or those in the column `url` of a CSV file or a
 * JSON array. Each was seen at the time of the upload.
 */
export const OPENPHISH_FILTER: Filter = { id: "c4cd1ecf-1149-46e0-9daa-e2477016d8dc", read };

/** Reads the same as {@link OPENPHISH_FILTER}. The events do not say which feed they come from. */
export const PHISHTANK_FILTER: Filter = { id: "e8f53cdc-1a9a-478d-ac4f-ab6a2f7e2341", read };

const URL_START = /^(?:https?|ftp):\/\/[^\s/?#]/i;

function read(data: Value, source: UploadSource): FilterResult {
  const collector = new InstanceCollector(source);
  collector.readRecords(feedItems(data), readItem);
  const result = collector.result();
  if (result.events.length > 0) return result;
  const none = "The feed has no entry with an http, https or ftp URL";
  if (result.rejected.length === 0) throw new Rejected("EVENTS_INVALID", none);
  const reasons = listReasons(countReasons(result.rejected));
  throw new Rejected("EVENTS_REJECTED", `${none}: ${reasons}`);
}

/** A row that cannot be read, so that nobody can tell whether it has an address. */
class UnreadableRow {
  constructor(readonly reason: string) {}
}

type FeedItem = Value | undefined | UnreadableRow;

function readItem(item: FeedItem, collector: InstanceCollector): void {
  if (item instanceof UnreadableRow) throw new Rejected("EVENTS_REJECTED", item.reason);
  const text = typeof item === "string" ? stripPythonSpace(item) : undefined;
  const address = text?.replace(/^"(.*)"$/, "$1");
  if (address === "") return;
  if (address !== undefined && URL_START.test(address) && /\p{Cc}/u.test(address)) {
    throw new Rejected("EVENTS_REJECTED", "The url has a line break or control character in it");
  }
  if (address === undefined || !URL_START.test(address)) {
    collector.skip("entry without an http, https or ftp URL");
    return;
  }
  const url = collector.attribute("url", address);
  const { timestamp } = collector;
  collector.event("sighting", [url], { timestamp, category: "malicious", malicious: [url] });
}

/** The values of `url` in JSON or JSON Lines, the cells of a CSV column `url`, or the lines of a text. */
function feedItems(data: Value): readonly FeedItem[] {
  const rows = parseArray(data) ?? damagedRows(data) ?? splitJsonLines(data)?.map(readLine) ??
    innerList(data);
  if (rows !== undefined) {
    return rows.map((row) => row instanceof UnreadableRow || !isFields(row) ? row : urlOf(row));
  }
  const text = parseObject(data)?.["data"];
  if (typeof text === "string") {
    refusePage(text);
    const lines = text.includes("\n") ? text : text.replaceAll("\r", "\n");
    return urlColumn(lines) ?? lines.split("\n");
  }
  throw new Rejected(
    "EVENTS_REJECTED",
    "The feed is neither text nor a JSON array of objects with a url",
  );
}

/** The list in a damaged object around a feed, and its broken elements. */
function damagedRows(data: Value): readonly FeedItem[] | undefined {
  const damaged = damagedObject(unparsedText(data) ?? "");
  const rows = damaged && innerList(damaged.object);
  return rows && [...rows, ...damaged!.broken.map(readLine)];
}

/** The entries in an object: in a list, under their ids, or the only one, which it is itself. */
function innerList(data: Value): readonly Value[] | undefined {
  const object = parseObject(data) ?? {};
  const isEntry = (value: Value) => isFields(value) && urlOf(value) !== undefined;
  const members: readonly Value[] = Object.values(object);
  const lists = members.filter((value): value is readonly Value[] => Array.isArray(value));
  const list = lists.find((list) => list.some(isEntry));
  if (list !== undefined || Object.keys(object).some((name) => MESSAGE.test(name))) return list;
  if (isEntry(object)) return [object];
  return members.length > 0 && members.every(isEntry) ? members : undefined;
}

/** Names in the answer of a server that refuses a request, whose url is its own. */
const MESSAGE = /^(?:errors?|errortext|message|status)$/i;

/** The url of an entry, whatever the case of its name; undefined if it is blank or not a string. */
function urlOf(entry: Fields): string | undefined {
  const [, url] = Object.entries(entry).find(([name]) => name.toLowerCase() === "url") ?? [];
  return typeof url === "string" && url.trim() !== "" ? url : undefined;
}

function readLine(line: string): FeedItem {
  return parseObject(line) ?? new UnreadableRow("The line is not a JSON object");
}

const SEPARATORS: readonly CsvSeparator[] = [",", ";", "\t", "|"];

/** Lines among which is the header: comments may come before it, or half a row. */
const FIRST_LINES = 20;

/** The cells of the column `url` of a CSV text, and the lines before its header; undefined without one. */
function urlColumn(text: string): readonly FeedItem[] | undefined {
  const lines = text.split("\n", FIRST_LINES);
  const headers = lines.map((line) => line.replace(/^[\s#]+/, ""));
  const at = headers.findIndex((line) => separatorOf(line) !== undefined);
  if (at < 0) return withoutHeader(text, headers);
  const header = headers[at]!;
  const before = lines.slice(0, at);
  const rest = text.slice([...before, lines[at]!].join("\n").length);
  const [names = [], ...rows] = readCsv(header + rest, separatorOf(header)!);
  const column = names.findIndex((name) => name.toLowerCase() === "url");
  const items = rows.map((row) => cellOf(row, column, names.length));
  const last = rows.at(-1);
  const isCut = last?.length === column + 1 && names.length > last.length && !text.endsWith("\n");
  return [
    ...before.filter((line) => !/^\s*(?:#|$)/.test(line)),
    ...isCut ? [...items.slice(0, -1), CUT] : items,
  ];
}

/** A row of PhishTank, whose first columns are an id and the address. */
const PHISHTANK_ROW = /^\d+,\s*"?(?:https?|ftp):\/\//i;

/** The addresses in PhishTank's table without its header, which was cut off; undefined for other texts. */
function withoutHeader(text: string, lines: readonly string[]): readonly FeedItem[] | undefined {
  const filled = lines.filter((line) => line !== "");
  const rows = filled.filter((line) => PHISHTANK_ROW.test(line));
  return rows.length * 2 > filled.length
    ? readCsv(text, ",").map((row) => cellOf(row, 1, PHISHTANK_COLUMNS))
    : undefined;
}

const PHISHTANK_COLUMNS = 8;

/** The address in a row of a table with some columns. */
function cellOf(row: CsvRow, column: number, columns: number): FeedItem {
  if (row === undefined) return BAD_QUOTE;
  // A comma that no quotation marks protect may have been within the address.
  if (row.slice(columns).some((cell) => cell !== "")) return TOO_LONG;
  return row[column] === "" ? undefined : row[column];
}

const TOO_LONG = new UnreadableRow("The row has more cells than the header has names");
const BAD_QUOTE = new UnreadableRow("A quotation mark in the row is not closed or not escaped");
const CUT = new UnreadableRow("The row ends within its url, where the feed was cut off");

/** What stands between the names of columns, if one of them is `url`; undefined for other lines. */
function separatorOf(line: string): CsvSeparator | undefined {
  if (line.includes("://")) return undefined;
  const isUrl = (name: string) => /^\s*"?url"?\s*$/i.test(name);
  return SEPARATORS.find((separator) =>
    line.includes(separator) && line.split(separator).some(isUrl)
  );
}
