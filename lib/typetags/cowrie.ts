import { Rejected } from "../errors.ts";
import type { Event } from "../tahoe/instance.ts";
import type { Fields, Value } from "../tahoe/value.ts";
import { COWRIE_EVENTS, type EventParts } from "./cowrie_events.ts";
import type { Filter } from "./filter.ts";
import { InstanceCollector, type SessionFields } from "./instance_collector.ts";
import { fieldsOf, objectOf, recordsOf, scalarField, textField } from "./records.ts";
import { readTime } from "./time.ts";

/** Eventids that tell of a session and make no event. */
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

/** Records of the Cowrie SSH and telnet honeypot: one, an array, or its log, which is JSON lines. */
export const cowrie: Filter = {
  id: "d2076b75-715e-4e4d-ae0a-a291cc6d90b7",
  read(data, sent) {
    const collector = new InstanceCollector(sent);
    collector.records(recordsOf(data), readRecord);
    return collector.result();
  },
};

function readRecord(data: Value, collector: InstanceCollector): void {
  const record = unwrapped(fieldsOf(data));
  const { eventid } = record;
  if (eventid === undefined) throw new Rejected("EVENTS_INVALID", "eventid is missing");
  const timestamp = readTime(textField(record, "timestamp"));
  if (timestamp === undefined) {
    throw new Rejected("EVENTS_REJECTED", "timestamp is not a time in the form of ISO 8601");
  }
  const make = COWRIE_EVENTS.get(eventid);
  if (make === undefined && !SESSION_ONLY.has(eventid)) collector.skip(nameOf(eventid));
  const events = make ? [attack(make(record, collector), timestamp, record, collector)] : [];
  addSession(record, events, sessionFields(record, timestamp), collector);
}

/** The record in a filebeat or logstash wrapper, which has it or its text as `message`. */
function unwrapped(record: Fields): Fields {
  if (record["eventid"] !== undefined) return record;
  const wrapped = objectOf(record["message"]);
  return wrapped?.["eventid"] === undefined ? record : wrapped;
}

function attack(
  { subType, children, malicious }: EventParts,
  timestamp: number,
  record: Fields,
  collector: InstanceCollector,
): Event {
  // Of IPv6 addresses, too: it is part of the hashes of what is stored.
  const ipv4 = collector.attribute("ipv4", scalarField(record, "src_ip"));
  const attacker = collector.object("attacker", [ipv4]);
  return collector.event(subType, [...children, attacker], {
    timestamp,
    category: "malicious",
    malicious: [...malicious, ipv4, attacker],
  });
}

function sessionFields(record: Fields, timestamp: number): SessionFields {
  switch (record["eventid"]) {
    case "cowrie.session.connect":
      return { start_time: timestamp };
    case "cowrie.session.closed":
      return { end_time: timestamp, duration: scalarField(record, "duration") };
    default:
      return {};
  }
}

function addSession(
  record: Fields,
  events: readonly Event[],
  fields: SessionFields,
  collector: InstanceCollector,
): void {
  const parts = [
    collector.attribute("sessionid", scalarField(record, "session")),
    // Misspelt in every session that is stored, and part of its hash.
    collector.attribute("sesnor", scalarField(record, "sensor")),
  ];
  collector.session("cowrie_session", parts, events, fields);
}

/** Names of cowrie's form say what is missing here; others could say anything. */
function nameOf(eventid: Value): string {
  const known = typeof eventid === "string" && /^cowrie\.[a-z0-9._-]{1,50}$/.test(eventid);
  return known ? `event of ${eventid}` : "event of an unknown eventid";
}
