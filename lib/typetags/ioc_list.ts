import { Rejected } from "../errors.ts";
import type { Indicator } from "../indicators/recognise.ts";
import { isUnspecificNetwork } from "../indicators/reserved.ts";
import { urlHost } from "../indicators/url_host.ts";
import type { Attribute } from "../tahoe/instance.ts";
import type { Filter, FilterResult } from "./filter.ts";
import { InstanceCollector } from "./instance_collector.ts";
import { type IndicatorList, readList } from "./ioc_list/read_list.ts";
import { EITHER_END } from "./ioc_list/unread_columns.ts";

/**
 * Reads lists of indicators: IP addresses and networks, domains, URLs, hashes, mail addresses and CVE
 * ids, plain or defanged, in lines of text, tables and JSON lists. docs/imports.md describes the
 * forms. Each indicator becomes an event `sighting` at the time of the upload, the same event that
 * the URL feeds make.
 */
export const IOC_LIST_FILTER: Filter = {
  id: "2221590c-51e5-4db0-a108-5c4432eeb1b5",
  read(data, source) {
    const list = readList(data);
    if (list === undefined) {
      throw new Rejected("EVENTS_INVALID", "The data is neither text nor a list");
    }
    if (list.isMessage) {
      throw new Rejected(
        "EVENTS_INVALID",
        "The data is a message of a server, not a list. Was the download refused?",
      );
    }
    if (list.isBrokenJson) {
      throw new Rejected(
        "EVENTS_INVALID",
        "The JSON is damaged or cut off, and no record in it is whole. Fetch it again",
      );
    }
    if (list.otherKind !== undefined) {
      throw new Rejected(
        "EVENTS_INVALID",
        `The data is ${list.otherKind}, not a list of indicators. ` +
          "If some of it is to be looked for, put that into a file of its own, one on each line",
      );
    }
    const collector = new InstanceCollector(source);
    for (const [what, times] of list.skipped) collector.skip(what, times);
    for (const { record, reason } of list.rejected) collector.reject(record, reason);
    for (const indicator of list.indicators) {
      if (LOCAL_ADDRESS.test(indicator.data)) collector.skip("address of no other machine");
      else if (isUnspecific(indicator, list)) collector.skip("private or reserved network");
      else if (list.isBenign) addBenign(indicator, collector);
      else addMalicious(indicator, collector);
    }
    const result = collector.result();
    if (result.events.length > 0) return result;
    throw new Rejected("EVENTS_INVALID", noIndicator(result));
  },
};

/** Networks by which no attacker can be known, but which may well be known as harmless. */
function isUnspecific({ subType, data }: Indicator, { isBenign }: IndicatorList): boolean {
  return !isBenign && /^ipv[46]/.test(subType) && isUnspecificNetwork(data);
}

/** Addresses that lists of blocked names put beside them: they belong to no other machine. */
const LOCAL_ADDRESS = /^(?:0\.0\.0\.0|127\.[0-9.]+|255(?:\.[0-9]+){3}|::1?)$/;

/** Counts that an error lists. */
const LISTED_COUNTS = 5;

function noIndicator({ rejected, skipped }: FilterResult): string {
  const counts = Object.entries(skipped).map(([what, times]) => `${times} × ${what}`);
  const seen = [
    ...(rejected.length > 0 ? [`${rejected.length} × row that cannot be read`] : []),
    ...counts.slice(0, LISTED_COUNTS),
  ];
  const why = seen.length === 0 ? "it is empty" : seen.join(", ");
  const advice = Object.keys(skipped).some((what) => what.includes(EITHER_END))
    ? ". To import those that attacked, put their addresses into a file of its own, one on each line; " +
      "report lookup looks up both ends"
    : "";
  return `There is no indicator in the list: ${why}${advice}`;
}

/** The attributes of an indicator that an event holds outside its contexts. */
function besides({ subType, data, port }: Indicator, collector: InstanceCollector): Attribute[] {
  const host = subType === "url" ? urlHost(data) : undefined;
  return [
    ...(port === undefined ? [] : [collector.attribute("port", port)]),
    ...(host === undefined ? [] : [collector.attribute(host.subType, host.data)]),
  ];
}

function addMalicious(found: Indicator, collector: InstanceCollector): void {
  const indicator = collector.attribute(found.subType, found.data);
  collector.event("sighting", [indicator, ...besides(found, collector)], {
    timestamp: collector.timestamp,
    category: "malicious",
    malicious: [indicator],
  });
}

function addBenign(found: Indicator, collector: InstanceCollector): void {
  const indicator = collector.attribute(found.subType, found.data);
  // Not `sighting`: an upload of the same moment may say that the same indicator is malicious.
  collector.event("known", [indicator, ...besides(found, collector)], {
    timestamp: collector.timestamp,
    category: "benign",
    benign: [indicator],
  });
}
