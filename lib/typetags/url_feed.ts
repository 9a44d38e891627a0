import { Rejected } from "../errors.ts";
import { stripPythonSpace } from "../tahoe/canonical.ts";
import { isFields, type Value } from "../tahoe/value.ts";
import { type CsvSeparator, readCsv } from "./csv_rows.ts";
import { damagedObject } from "./damaged_json.ts";
import type { Filter, FilterResult, UploadSource } from "./filter.ts";
import { InstanceCollector } from "./instance_collector.ts";
import { refusePage } from "./page.ts";
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
  throw new Rejected("EVENTS_INVALID", "The feed has no entry with an http, https or ftp URL");
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
    return rows.map((row) => row instanceof UnreadableRow || !isFields(row) ? row : row["url"]);
  }
  const text = parseObject(data)?.["data"];
  if (typeof text === "string") {
    refusePage(text);
    return urlColumn(text) ?? text.split("\n");
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

/** The list with addresses in the object around a feed. */
function innerList(data: Value): readonly Value[] | undefined {
  const lists = Object.values(parseObject(data) ?? {}).filter((value) => Array.isArray(value));
  return lists.find((list) => list.some((one) => isFields(one) && typeof one["url"] === "string"));
}

function readLine(line: string): FeedItem {
  return parseObject(line) ?? new UnreadableRow("The line is not a JSON object");
}

const SEPARATORS: readonly CsvSeparator[] = [",", ";", "\t", "|"];

/** The cells of the column `url` of a CSV text; undefined if its first line has no such header. */
function urlColumn(text: string): readonly FeedItem[] | undefined {
  // Blank lines and comments may precede the header.
  const csv = text.slice(Math.max(0, text.search(/^[^\S\n]*[^\s#]/m)));
  const [header = ""] = csv.split("\n", 1);
  const separator = SEPARATORS.find((one) => header.includes(one));
  const isUrl = (name: string) => /^\s*"?url"?\s*$/i.test(name);
  if (separator === undefined || !header.split(separator).some(isUrl)) return undefined;
  const [names = [], ...rows] = readCsv(csv, separator);
  const badQuote = new UnreadableRow("A quotation mark in the row is not closed or not escaped");
  const column = names.findIndex((name) => name.toLowerCase() === "url");
  return rows.map((row) => row === undefined ? badQuote : row[column]);
}
