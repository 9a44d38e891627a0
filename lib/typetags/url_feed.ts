import { parse } from "csv-parse/sync";
import { Rejected } from "../errors.ts";
import { stripPython } from "../tahoe/canonical.ts";
import { isFields, type Value } from "../tahoe/value.ts";
import type { Filter, FilterResult, UploadSource } from "./filter.ts";
import { InstanceCollector } from "./instance_collector.ts";
import { arrayOf, objectOf } from "./records.ts";

/**
 * Addresses of phishing sites: one a line, or the column `url` of a CSV file or a JSON array. Each
 * is seen at the time of the upload.
 */
export const openphish_feed: Filter = { id: "c4cd1ecf-1149-46e0-9daa-e2477016d8dc", read };

/** As {@link openphish_feed}: its events do not tell which feed they come from. */
export const phishtank_feed: Filter = { id: "e8f53cdc-1a9a-478d-ac4f-ab6a2f7e2341", read };

const ADDRESS = /^(?:https?|ftp):\/\/[^\s/?#]/i;

function read(data: Value, sent: UploadSource): FilterResult {
  const collector = new InstanceCollector(sent);
  collector.records(entriesOf(data), readEntry);
  const result = collector.result();
  if (result.events.length > 0) return result;
  throw new Rejected("EVENTS_INVALID", "The feed has no entry with an http, https or ftp URL");
}

function readEntry(entry: Value | undefined, collector: InstanceCollector): void {
  const address = typeof entry === "string" ? stripPython(entry) : undefined;
  if (address === "") return;
  if (address === undefined || !ADDRESS.test(address)) {
    collector.skip("entry without an http, https or ftp URL");
    return;
  }
  const url = collector.attribute("url", address);
  const { timestamp } = collector;
  collector.event("sighting", [url], { timestamp, category: "malicious", malicious: [url] });
}

function entriesOf(data: Value): readonly (Value | undefined)[] {
  const rows = arrayOf(data);
  if (rows !== undefined) return rows.map((row) => isFields(row) ? row["url"] : undefined);
  const text = objectOf(data)?.["data"];
  if (typeof text === "string") return urlColumn(text) ?? text.split("\n");
  throw new Rejected("EVENTS_REJECTED", "A feed is text, or a JSON array of objects with a url");
}

/** The cells below the header `url` of a CSV text; undefined if its first line is no such header. */
function urlColumn(text: string): readonly (string | undefined)[] | undefined {
  // Blank lines and comments may come before it.
  const csv = text.slice(Math.max(0, text.search(/^[^\S\n]*[^\s#]/m)));
  const [header = ""] = csv.split("\n", 1);
  if (!/(?:^|,)\s*"?url"?\s*(?:,|$)/i.test(header) || !header.includes(",")) return undefined;
  const [names = [], ...rows] = readCsv(csv);
  const column = names.findIndex((name) => name.trim().toLowerCase() === "url");
  return rows.map((row) => row[column]);
}

function readCsv(text: string): string[][] {
  try {
    return parse(text, {
      record_delimiter: ["\n", "\r\n"],
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      trim: true,
    });
  } catch {
    // Its error may quote the text.
    throw new Rejected("EVENTS_REJECTED", "The feed cannot be read as CSV: is a quote not closed?");
  }
}
