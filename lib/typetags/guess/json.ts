import type { TypeCandidate } from "./candidate.ts";

type Rule = TypeCandidate & { readonly pattern: RegExp };

/** An id of STIX: a type and a UUID. */
const STIX_ID = /"id"\s*:\s*"[a-z][a-z0-9-]*--[0-9a-f]{8}-[0-9a-f]{4}-/i;

/** What only one format has in its JSON. The text may be cut off, so it is not parsed. */
const RULES: readonly Rule[] = [
  { typetag: "stix", pattern: STIX_ID, reason: "it has objects with ids of STIX" },
  { typetag: "stix", pattern: /"type"\s*:\s*"bundle"/, reason: "it is a STIX bundle" },
  {
    typetag: "misp",
    pattern: /"(?:Event|Attribute|Object)"\s*:\s*[{[]/,
    reason: "it has the fields of MISP's core format",
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

/** The eventid of a record, also inside the JSON text of a wrapper; a log may begin within a line. */
const COWRIE_EVENTID = /\\*"eventid\\*"\s*:\s*\\*"(?:cowrie\.|KIPP0)/;

/** Fields that the records of `sighting` have in common with nothing else. */
const SIGHTING_FIELDS = new Set(
  "ipv4 ipv6 domain hostname url md5 sha1 sha256 email_addr filename timestamp".split(" "),
);

/** What text that is JSON could be; each typetag once. */
export function recogniseJson(text: string): readonly TypeCandidate[] {
  const found: TypeCandidate[] = [];
  if (COWRIE_EVENTID.test(text)) {
    found.push({ typetag: "cowrie", reason: "its records have eventids of Cowrie" });
  }
  if (!/^[[{]/.test(text)) return found;
  for (const { typetag, pattern, reason } of RULES) {
    if (pattern.test(text) && !found.some((other) => other.typetag === typetag)) {
      found.push({ typetag, reason });
    }
  }
  if (found.length === 0 && isSightings(text)) {
    found.push({ typetag: "sighting", reason: "its records have a timestamp and what was seen" });
  }
  return found;
}

function isSightings(text: string): boolean {
  const records = parseRecords(text);
  return records.length > 0 && records.every((record) => {
    if (typeof record !== "object" || record === null || Array.isArray(record)) return false;
    const names = Object.keys(record);
    return names.length > 1 && names.includes("timestamp") &&
      names.every((name) => SIGHTING_FIELDS.has(name));
  });
}

/** The members of an array, or the objects on the lines; none if it is neither. */
function parseRecords(text: string): readonly unknown[] {
  const value = tryParse(text);
  if (value !== undefined) return Array.isArray(value) ? value : [value];
  return text.split("\n").filter((line) => line.trim() !== "").map(tryParse);
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
