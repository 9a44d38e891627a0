import { Rejected } from "../errors.ts";
import type { Filter } from "./filter.ts";
import { InstanceCollector } from "./instance_collector.ts";
import type { Indicator } from "../indicators/recognise.ts";
import { type ListRow, readRows } from "./ioc_list/rows.ts";
import { scan } from "./ioc_list/scan.ts";

/**
 * Reads lists of indicators: IP addresses and networks, domains, URLs, hashes, mail addresses and CVE
 * ids, plain or defanged, in lines of text, tables and JSON lists. docs/imports.md describes the
 * forms. Each indicator becomes an event `sighting` at the time of the upload, the same event that
 * the URL feeds make.
 */
export const IOC_LIST_FILTER: Filter = {
  id: "2221590c-51e5-4db0-a108-5c4432eeb1b5",
  read(data, source) {
    const list = readRows(data);
    if (list === undefined) {
      throw new Rejected("EVENTS_INVALID", "The data is neither text nor a list");
    }
    const collector = new InstanceCollector(source);
    if (list.comments > 0) collector.skip("comment", list.comments);
    if (list.unreadable > 0) collector.skip("entry that is no text", list.unreadable);
    for (const row of list.rows) {
      for (const indicator of readRow(row, collector)) {
        if (list.isBenign) addBenign(indicator, collector);
        else addMalicious(indicator, collector);
      }
    }
    const result = collector.result();
    if (result.events.length > 0) return result;
    throw new Rejected("EVENTS_INVALID", "There is no indicator in the list");
  },
};

/** Addresses that hosts files put before each name: they belong to no other machine. */
const LOCAL_ADDRESS = /^(?:0\.0\.0\.0|127\.[0-9.]+|255\.255\.255\.255|::1?)$/;

/** The indicators in a row, without the addresses of hosts files. Counts what is skipped. */
function readRow(row: ListRow, collector: InstanceCollector): readonly Indicator[] {
  const found = typeof row === "string" ? indicatorsIn(scan(row)) : row.flatMap(readCell);
  const indicators = found.filter(({ data }) => !LOCAL_ADDRESS.test(data));
  if (indicators.length < found.length) {
    collector.skip("address of no other machine", found.length - indicators.length);
  }
  if (found.length === 0) collector.skip("line without an indicator");
  return indicators;
}

/** The indicators in a cell; none if it also contains other words, which may merely mention them. */
function readCell(cell: string): readonly Indicator[] {
  const words = scan(cell);
  const indicators = indicatorsIn(words);
  return indicators.length === words.length ? indicators : [];
}

function indicatorsIn(words: readonly (Indicator | undefined)[]): readonly Indicator[] {
  return words.filter((word) => word !== undefined);
}

function addMalicious({ subType, data, port }: Indicator, collector: InstanceCollector): void {
  const indicator = collector.attribute(subType, data);
  const ports = port === undefined ? [] : [collector.attribute("port", port)];
  collector.event("sighting", [indicator, ...ports], {
    timestamp: collector.timestamp,
    category: "malicious",
    malicious: [indicator],
  });
}

function addBenign({ subType, data, port }: Indicator, collector: InstanceCollector): void {
  const indicator = collector.attribute(subType, data);
  const ports = port === undefined ? [] : [collector.attribute("port", port)];
  // Not `sighting`: an upload of the same moment may say that the same indicator is malicious.
  collector.event("known", [indicator, ...ports], {
    timestamp: collector.timestamp,
    category: "benign",
    benign: [indicator],
  });
}
