import { type Fields, isFields, type Value } from "../tahoe/value.ts";
import { parseObject } from "./records.ts";

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
];

/** Wrappers within wrappers; more than any chain of shippers makes. */
const MAX_DEPTH = 8;

/**
 * The records in the answer of an Elasticsearch search, `hits.hits[]`, or of several, `responses[]`;
 * anything else is one record.
 */
export function openAnswer(record: Value, depth = 0): readonly Value[] {
  // Lines of a log are parsed one at a time, except for those that may be such answers.
  if (typeof record === "string" && !record.includes('"hits"')) return [record];
  const { eventid, hits, responses } = parseObject(record) ?? {};
  const inner = Array.isArray(responses) ? responses : isFields(hits) ? hits["hits"] : undefined;
  if (eventid !== undefined || !Array.isArray(inner) || depth === MAX_DEPTH) return [record];
  return inner.flatMap((each: Value) => openAnswer(each, depth + 1));
}

/** The Cowrie record inside wrappers; undefined if there is none. A record is never opened itself. */
export function unwrapRecord(fields: Fields, depth = 0): Fields | undefined {
  if (fields["eventid"] !== undefined) return fields;
  if (depth === MAX_DEPTH) return undefined;
  for (const name of WRAPPER_FIELDS) {
    const wrapped = wrappedObject(fields[name]);
    const record = wrapped && unwrapRecord(wrapped, depth + 1);
    if (record !== undefined) return record;
  }
  return undefined;
}

/** An object or its JSON, also alone in a list, as Elasticsearch returns `fields`. */
function wrappedObject(value: Value | undefined): Fields | undefined {
  const [only] = Array.isArray(value) && value.length === 1 ? value as readonly Value[] : [value];
  return typeof only === "string" && !only.trimStart().startsWith("{")
    ? undefined
    : parseObject(only);
}
