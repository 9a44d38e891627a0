import { Rejected } from "../errors.ts";
import type { Attribute, Event } from "../tahoe/instance.ts";
import { type Fields, isScalar, type Scalar, type Value } from "../tahoe/value.ts";
import { readIpAddress } from "../indicators/ip_address.ts";
import { stripPythonSpace } from "../tahoe/canonical.ts";
import { COWRIE_EVENTS, type CowrieRecord, type EventParts, isBlank } from "./cowrie_events.ts";
import { parseRecord, splitLog, textOf } from "./cowrie_lines.ts";
import { recordTime } from "./cowrie_time.ts";
import { unwrapRecord } from "./cowrie_wrappers.ts";
import type { Filter } from "./filter.ts";
import { InstanceCollector, type SessionFields } from "./instance_collector.ts";
import { scalarField, stringField } from "./records.ts";

/** Eventids of records that describe a session but no event. */
const SESSION_ONLY: ReadonlySet<Value> = new Set([
  "cowrie.client.fingerprint",
  "cowrie.client.kex",
  "cowrie.client.size",
  "cowrie.client.var",
  "cowrie.client.version",
  "cowrie.log.closed",
  "cowrie.log.open",
  "cowrie.session.closed",
  "cowrie.session.connect",
]);

/**
 * Reads records of the SSH and telnet honeypot Cowrie: one record, an array of them, or a log file,
 * which is JSON Lines; each as Cowrie wrote it or in the wrappers of a log shipper. Fields that some
 * versions of Cowrie leave out are left out of the events. docs/imports.md has the mapping.
 */
export const COWRIE_FILTER: Filter = {
  id: "d2076b75-715e-4e4d-ae0a-a291cc6d90b7",
  read(data, source) {
    const collector = new InstanceCollector(source);
    collector.readRecords(splitLog(data), readRecord);
    return collector.result();
  },
};

function readRecord(data: Value, collector: InstanceCollector): void {
  const wrapper = parseRecord(data);
  const fields = unwrapRecord(wrapper);
  if (fields === undefined) throw new Rejected("EVENTS_INVALID", missingEventid(data));
  const record = { fields, collector };
  const { eventid } = fields as { readonly eventid: Value };
  const timestamp = recordTime(fields, wrapper);
  const readEvent = COWRIE_EVENTS.get(eventid);
  if (readEvent === undefined && !SESSION_ONLY.has(eventid)) {
    collector.skip(skipName(eventid));
    // Such as reports to AbuseIPDB, which belong to no session.
    if (isMissing(fields["session"]) || isMissing(fields["sensor"])) return;
  }
  const events = readEvent === undefined ? [] : [addEvent(record, readEvent(record), timestamp)];
  const changes = sessionFields(fields, timestamp);
  const session = collector.session("cowrie_session", sessionChildren(record), events);
  collector.setSessionFields(session, changes);
}

/** Why something is not a record of Cowrie. */
function missingEventid(data: Value): string {
  const text = typeof data === "string" ? undefined : textOf(data);
  if (text === undefined) return "eventid is missing";
  return text.trim() === ""
    ? "The log is empty"
    : "The text is not JSON: Cowrie writes records as JSON into cowrie.json";
}

function addEvent(
  { fields, collector }: CowrieRecord,
  { subType, children, malicious }: EventParts,
  timestamp: number,
): Event {
  // IPv6 addresses are `ipv4`, too: it is part of the hashes that are already stored.
  const ipv4 = collector.attribute("ipv4", sourceAddress(fields));
  const attacker = collector.object("attacker", [ipv4]);
  return collector.event(subType, [...children, attacker], {
    timestamp,
    category: "malicious",
    malicious: [...malicious, ipv4, attacker],
  });
}

/**
 * The address that the attacker came from, as Cowrie wrote it.
 *
 * @throws {Rejected} EVENTS_REJECTED when it is missing or not an address: events without one would
 * all have the same attacker.
 */
function sourceAddress(fields: Fields): string {
  const address = stripPythonSpace(stringField(fields, "src_ip"));
  const kind = readIpAddress(address)?.subType;
  if (kind === "ipv4" || kind === "ipv6") return address;
  throw new Rejected(
    "EVENTS_REJECTED",
    `src_ip is ${address === "" ? "missing" : "not an address"}`,
  );
}

function sessionFields(fields: Fields, timestamp: number): SessionFields {
  switch (fields["eventid"]) {
    case "cowrie.session.connect":
      return { start_time: timestamp };
    case "cowrie.session.closed":
      return { end_time: timestamp, ...sessionDuration(fields) };
    default:
      return {};
  }
}

/** Seconds that a session took, as Cowrie wrote them; since 3.1 it writes milliseconds instead. */
function sessionDuration(fields: Fields): { readonly duration?: Scalar } {
  const { duration, duration_ms } = fields;
  if (isScalar(duration) && duration !== null && !isBlank(duration)) return { duration };
  const milliseconds = typeof duration_ms === "string" && !isBlank(duration_ms) ||
      typeof duration_ms === "bigint" || typeof duration_ms === "number"
    ? Number(duration_ms)
    : NaN;
  if (Number.isFinite(milliseconds)) return { duration: milliseconds / 1000 };
  return duration === null ? { duration } : {};
}

function sessionChildren({ fields, collector }: CowrieRecord): readonly Attribute[] {
  return [
    collector.attribute("sessionid", sessionField(fields, "session")),
    // Misspelt in every session that is already stored, and part of its hash.
    collector.attribute("sesnor", sessionField(fields, "sensor")),
  ];
}

/** The value of a field that tells one session from another. */
function sessionField(fields: Fields, name: string): Scalar {
  if (isMissing(fields[name])) throw new Rejected("EVENTS_REJECTED", `${name} is missing`);
  return scalarField(fields, name);
}

function isMissing(value: Value | undefined): boolean {
  return value === undefined || value === null || isBlank(value);
}

/**
 * The name under which a record without an event is counted. It quotes only eventids in the form of
 * Cowrie or of Kippo, from which it descends, because any other could say anything.
 */
function skipName(eventid: Value): string {
  const isKnown = typeof eventid === "string" &&
    /^(?:cowrie\.[a-z0-9._-]{1,50}|KIPP\d{4})$/.test(eventid);
  return isKnown ? `event of ${eventid}` : "event of an unknown eventid";
}
