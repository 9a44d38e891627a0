import { Rejected } from "../errors.ts";
import type { Filter } from "./filter.ts";
import { InstanceCollector } from "./instance_collector.ts";
import type { Indicator } from "./ioc_list/recognise.ts";
import { type Row, rowsIn } from "./ioc_list/rows.ts";
import { scan } from "./ioc_list/scan.ts";

/**
 * Lists of indicators: IP addresses and networks, domains, URLs, hashes, mail addresses and CVE ids,
 * plain or defanged, in lines of text, tables and JSON lists. docs/imports.md has the forms. Each is
 * an event `sighting` at the time of the upload, as of the feeds.
 */
export const ioc_list: Filter = {
  id: "2221590c-51e5-4db0-a108-5c4432eeb1b5",
  read(data, sent) {
    const list = rowsIn(data);
    if (list === undefined) throw new Rejected("EVENTS_INVALID", "Neither text nor a list");
    const collector = new InstanceCollector(sent);
    if (list.comments > 0) collector.skip("comment", list.comments);
    if (list.strangers > 0) collector.skip("entry that is no text", list.strangers);
    for (const row of list.rows) readRow(row, list.isBenign, collector);
    const result = collector.result();
    if (result.events.length > 0) return result;
    throw new Rejected("EVENTS_INVALID", "There is no indicator in the list");
  },
};

/** Hosts files have these before each name: they are no other machine's. */
const NOWHERE = /^(?:0\.0\.0\.0|127\.[0-9.]+|255\.255\.255\.255|::1?)$/;

function readRow(row: Row, isBenign: boolean, collector: InstanceCollector): void {
  const found = typeof row === "string" ? known(scan(row)) : row.flatMap(scanCell);
  const indicators = found.filter(({ data }) => !NOWHERE.test(data));
  if (indicators.length < found.length) {
    collector.skip("address of no other machine", found.length - indicators.length);
  }
  if (found.length === 0) collector.skip("line without an indicator");
  for (const indicator of indicators) addEvent(indicator, isBenign, collector);
}

/** What a cell says in words is no indicator, though it may name some. */
function scanCell(cell: string): readonly Indicator[] {
  const words = scan(cell);
  const indicators = known(words);
  return indicators.length === words.length ? indicators : [];
}

function known(words: readonly (Indicator | undefined)[]): readonly Indicator[] {
  return words.filter((word) => word !== undefined);
}

function addEvent(
  { subType, data, port }: Indicator,
  isBenign: boolean,
  collector: InstanceCollector,
): void {
  const { timestamp } = collector;
  const indicator = collector.attribute(subType, data);
  const children = port === undefined
    ? [indicator]
    : [indicator, collector.attribute("port", port)];
  if (isBenign) {
    // Not `sighting`: an upload of the same moment may say that the same thing is malicious.
    collector.event("known", children, { timestamp, category: "benign", benign: [indicator] });
  } else {
    collector.event("sighting", children, {
      timestamp,
      category: "malicious",
      malicious: [indicator],
    });
  }
}
