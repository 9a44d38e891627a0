import type { Fields, Value } from "../../tahoe/value.ts";

/**
 * Domain objects that become events of their names (STIX 2.1, section 4, and ATT&CK's own types).
 * Left out: notes, opinions, markings, translations, definitions of extensions, and the matrices and
 * collections that are ATT&CK's tables of contents.
 */
const NAMED_TYPES: ReadonlySet<Value | undefined> = new Set([
  "attack-pattern",
  "campaign",
  "course-of-action",
  "identity",
  "incident",
  "infrastructure",
  "intrusion-set",
  "location",
  "malware",
  "malware-analysis",
  "threat-actor",
  "tool",
  "vulnerability",
  "x-mitre-analytic",
  "x-mitre-asset",
  "x-mitre-data-component",
  "x-mitre-data-source",
  "x-mitre-detection-strategy",
  "x-mitre-tactic",
]);

/** Objects that group others. They become events of their names, and sessions. */
const COLLECTION_TYPES: ReadonlySet<Value | undefined> = new Set(["grouping", "report"]);

/** Whether an object groups others. */
export function isCollection({ type }: Fields): boolean {
  return COLLECTION_TYPES.has(type);
}

/** Whether an object becomes an event of its names. */
export function isNamed(object: Fields): boolean {
  return NAMED_TYPES.has(object["type"]) || isCollection(object);
}

/** Properties with the time at which something happened, in order of preference. */
export const TIMES: ReadonlyMap<string, readonly string[]> = new Map([
  ["campaign", ["first_seen"]],
  ["indicator", ["valid_from"]],
  ["infrastructure", ["first_seen"]],
  ["intrusion-set", ["first_seen"]],
  ["malware", ["first_seen"]],
  ["malware-analysis", ["analysis_started", "submitted"]],
  ["observed-data", ["first_observed", "last_observed"]],
  ["relationship", ["start_time"]],
  ["report", ["published"]],
  ["sighting", ["first_seen", "last_seen"]],
  ["threat-actor", ["first_seen"]],
]);

/** Properties of domain objects that refer to observables which are part of them. */
export const SAMPLES: readonly string[] = ["sample_refs", "sample_ref", "analysis_sco_refs"];
