import { type Fields, isFields, type Value } from "../tahoe/value.ts";
import { parseArray } from "./records.ts";
import { parseObject } from "./storable_json.ts";

/**
 * Fields in which programs that ship, store or show logs keep a record or its JSON: Elasticsearch,
 * Filebeat, Logstash, Docker, Fluentd, hpfeeds, journald, Splunk, Promtail, OpenTelemetry, Kafka.
 */
const WRAPPER_FIELDS: readonly string[] = [
  "_source",
  "json",
  "log",
  "event.original",
  "event",
  "original",
  "payload",
  "message",
  "MESSAGE",
  "fields",
  "doc",
  "record",
  "result",
  "_raw",
  "line",
  "data",
  "body",
  "value",
  "raw",
  "cowrie",
  "full_message",
  "short_message",
  "textPayload",
  "jsonPayload",
  "stringValue",
];

/** Fields in which answers and batches keep lists of records. */
const LIST_NAME =
  /^(?:hits|responses|values|[a-z]*(?:events|logs|messages|results?|records|streams|rows|data))$/i;
/** How a line looks in which such a list may be. */
const LIST =
  /^\s*\[|"(?:hits|responses|[a-z]*(?:events|logs|messages|results?|records|streams|rows|data))"\s*:\s*[[{]/i;

/** Wrappers within wrappers; more than any chain of shippers makes. */
const MAX_DEPTH = 8;

/**
 * The records in the lists of an answer, such as `hits.hits[]` of Elasticsearch, `messages[]` of
 * Graylog or `logEvents[]` of CloudWatch; anything else is one record.
 */
export function openAnswer(record: Value, depth = 0): readonly Value[] {
  if (depth === MAX_DEPTH) return [record];
  // Lines of a log are parsed one at a time, except for those that may be such answers.
  if (typeof record === "string") {
    const list = LIST.test(record) ? parseObject(record) ?? parseArray(record) : undefined;
    return list === undefined ? [record] : orItself(record, openAnswer(list, depth + 1));
  }
  if (Array.isArray(record)) {
    return record.filter(mayHold).flatMap((each) => openAnswer(each, depth + 1));
  }
  if (!isFields(record) || unwrapRecord(record) !== undefined) return [record];
  const lists = Object.entries(record)
    .filter(([name, value]) => LIST_NAME.test(name) && typeof value === "object")
    .map(([, value]) => openAnswer(value, depth + 1));
  return orItself(record, lists.filter((list) => list.some(isRecord)).flat());
}

function orItself(record: Value, found: readonly Value[]): readonly Value[] {
  return found.some(isRecord) ? found : [record];
}

/** False for the times and names that stand beside records in a list. */
function mayHold(value: Value): boolean {
  return typeof value === "string" ? value.trimStart().startsWith("{") : typeof value === "object";
}

function isRecord(value: Value): boolean {
  const fields = wrappedObject(value);
  return fields !== undefined && unwrapRecord(fields) !== undefined;
}

/** The Cowrie record inside wrappers; undefined if there is none. A record is never opened itself. */
export function unwrapRecord(fields: Fields, depth = 0): Fields | undefined {
  const { eventid } = fields;
  if (Array.isArray(eventid)) return eventid.length === 1 ? withoutLists(fields) : undefined;
  if (eventid !== undefined) return fields;
  if (depth === MAX_DEPTH) return undefined;
  for (const name of WRAPPER_FIELDS) {
    const wrapped = wrappedObject(fields[name]);
    const record = wrapped && unwrapRecord(wrapped, depth + 1);
    if (record !== undefined) return record;
  }
  return withoutPrefix(fields) ?? firstRecord(Object.values(fields).filter(isFields), depth);
}

/** The first record in objects of any name: attackers can put JSON into texts, but no objects. */
function firstRecord(objects: readonly Fields[], depth: number): Fields | undefined {
  for (const object of objects) {
    const record = unwrapRecord(object, depth + 1);
    if (record !== undefined) return record;
  }
  return undefined;
}

/** `{"a": ["x"]}` as `{"a": "x"}`: Elasticsearch returns every field as a list. */
function withoutLists(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) =>
      [name, Array.isArray(value) && value.length === 1 ? value[0]! : value] as const
    ),
  );
}

/** `{"json.eventid": …, "json.src_ip": …}` of Filebeat and `{"_eventid": …}` of GELF, as a record. */
function withoutPrefix(fields: Fields): Fields | undefined {
  const name = Object.keys(fields).find((name) => /^(?:_|[\w.]{1,40}\.)eventid$/.test(name));
  const prefix = name?.slice(0, -"eventid".length);
  if (prefix === undefined) return undefined;
  const entries = Object.entries(fields).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(entries.map(([name, value]) => [name.slice(prefix.length), value]));
}

/** An object or its JSON, also alone in a list, as Elasticsearch returns `fields`. */
function wrappedObject(value: Value | undefined): Fields | undefined {
  const bytes = bytesOf(value);
  if (bytes !== undefined) return wrappedObject(new TextDecoder().decode(bytes));
  const [only] = Array.isArray(value) && value.length === 1 ? value as readonly Value[] : [value];
  return typeof only === "string" && !only.trimStart().startsWith("{")
    ? undefined
    : parseObject(only);
}

/** Bytes that journald writes as numbers where a text has special characters; undefined for other lists. */
function bytesOf(value: Value | undefined): Uint8Array | undefined {
  if (!Array.isArray(value) || value.length < 2) return undefined;
  const isBytes = value.every((byte) => typeof byte === "bigint" && byte >= 0n && byte < 256n);
  return isBytes ? Uint8Array.from(value, Number) : undefined;
}
