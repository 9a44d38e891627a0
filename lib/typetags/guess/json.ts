import { parseArray, splitJsonLines } from "../records.ts";
import { parseObject } from "../storable_json.ts";
import { readCell } from "../ioc_list/scan.ts";
import type { TypeCandidate } from "./candidate.ts";
import { HARMLESS_NAME } from "./doubt.ts";

type Rule = TypeCandidate & { readonly pattern: RegExp };

/** An id of STIX: a type and a UUID. */
const STIX_ID = /"id"\s*:\s*"[a-z][a-z0-9-]*--[0-9a-f]{8}-[0-9a-f]{4}-/i;

/** What only one format has in its JSON. The text may be cut off, so it is not parsed. */
const RULES: readonly Rule[] = [
  { typetag: "stix", pattern: STIX_ID, reason: "it has objects with ids of STIX" },
  { typetag: "stix", pattern: /"type"\s*:\s*"bundle"/, reason: "it is a STIX bundle" },
  {
    typetag: "stix",
    pattern: /"pattern"\s*:\s*"\s*\(*\[\s*\(*[a-z0-9-]+:[a-z_]/,
    reason: "it has patterns of STIX",
  },
  {
    typetag: "misp",
    pattern: /"(?:Event|Attribute|Object)"\s*:\s*[{[]/,
    reason: "it has the fields of MISP's core format",
  },
  {
    typetag: "misp",
    pattern: /^(?=[^]*"to_ids"\s*:)[^]*"(?:category|object_relation)"\s*:|"EventTag"\s*:\s*\[/,
    reason: "it has the fields of MISP's attributes or events",
  },
  {
    typetag: "phishtank_feed",
    pattern: /"phish_id"\s*:/,
    reason: "it has the field phish_id",
  },
  {
    typetag: "ioc_list",
    pattern: /"matching_attributes"\s*:\s*\[/,
    reason: "it is a MISP warninglist, whose entries are harmless",
  },
];

/** Fields in which feeds keep indicators, and nothing else keeps anything. */
const INDICATOR_FIELD =
  /"(?:ioc|ioc_?value|indicator|indicator_?value|cveID)"\s*:\s*"([^"\\]{4,2048})"/gi;
/** Fields in which others keep addresses and URLs, too. */
const VALUE_FIELD =
  /"(?:ip|ip_?address|cidr|url|domain|value|sha256_hash|md5_hash)"\s*:\s*"([^"\\]{4,2048})"/gi;
/** Fields that feeds alone have beside them. */
const FEED_FIELD =
  /"(?:abuse_?confidence_?score"\s*:\s*"?[1-9]|(?:threat_type|urlhaus_(?:link|reference)|malware_printable|sblid|last_online|confidence_level)"\s*:|(?:iocs|indicators|observables|(?:block|black|deny)list)"\s*:\s*\[)/i;
/** Values that are looked at. */
const SAMPLE = 20;

/**
 * The eventid of a record, also inside the JSON text of a wrapper, behind a prefix or in a list; a log
 * may begin within a line.
 */
const COWRIE_EVENTID = /\\*"(?:_|[\w.]{1,40}\.)?eventid\\*"\s*:\s*(?:\[\s*)?\\*"(?:cowrie\.|KIPP0)/;

/** Fields that the records of `sighting` have in common with nothing else. */
const SIGHTING_FIELDS = new Set(
  "ipv4 ipv6 domain hostname url md5 sha1 sha256 email_addr filename timestamp".split(" "),
);

/** What text that is JSON could be; each typetag once. */
export function recogniseJson(name: string, text: string): readonly TypeCandidate[] {
  const found: TypeCandidate[] = [];
  if (COWRIE_EVENTID.test(text)) {
    found.push({ typetag: "cowrie", reason: "its records have eventids of Cowrie" });
  }
  const isJson = /^[[{]/.test(text);
  for (const { typetag, pattern, reason } of RULES) {
    if (isJson && pattern.test(text) && !found.some((other) => other.typetag === typetag)) {
      found.push({ typetag, reason });
    }
  }
  if (found.length === 0 && isSightings(text)) {
    found.push({ typetag: "sighting", reason: "its records have a timestamp and what was seen" });
  }
  if (found.length === 0 && isJson && !HARMLESS_NAME.test(name) && isFeed(text)) {
    found.push({ typetag: "ioc_list", reason: "its records name indicators, as feeds do" });
  }
  return found;
}

/** Whether records have a field of indicators, or one that may be such beside what only feeds say. */
function isFeed(text: string): boolean {
  return holdsIndicators(text, INDICATOR_FIELD) ||
    (FEED_FIELD.test(text) && holdsIndicators(text, VALUE_FIELD));
}

function holdsIndicators(text: string, field: RegExp): boolean {
  const values = text.matchAll(field).take(SAMPLE).map(([, value]) => value!).toArray();
  const found = values.filter((value) => readCell(value, "any").length > 0);
  return found.length > 0 && found.length * 2 >= values.length;
}

function isSightings(text: string): boolean {
  const records = parseRecords(text);
  return records.length > 0 && records.every((record) => {
    const names = Object.keys(record);
    return names.length > 1 && names.includes("timestamp") &&
      names.every((name) => SIGHTING_FIELDS.has(name));
  });
}

/**
 * The records that a filter would read; none if half of them are broken. The last one may be cut off,
 * where the text ends.
 */
function parseRecords(text: string) {
  const object = parseObject(text);
  if (object !== undefined) return [object];
  const array = parseArray(text);
  const all = array ?? splitJsonLines(text) ?? [];
  const records = all.map(parseObject).filter((record) => record !== undefined);
  const broken = all.length - records.length;
  return broken > (array === undefined ? records.length : 0) ? [] : records;
}
