import { Rejected } from "../errors.ts";
import { type Fields, isFields, type Value } from "../tahoe/value.ts";
import { readTime } from "./time.ts";

/** Seconds since 1970 that a record may give: from 2001 on, so that milliseconds are told from them. */
const SECONDS = { from: 1e9, to: 1e11 } as const;

/**
 * The time of a record in seconds since 1970, UTC. Logstash moves it to `@timestamp`, also to that of
 * its own wrapper; Cowrie itself calls it `time` or `epoch`, too; a GELF or Splunk wrapper may have
 * the only one.
 *
 * @throws {Rejected} EVENTS_REJECTED when there is none, or it cannot be read.
 */
export function recordTime(record: Fields, wrapper: Fields): number {
  const { _source: hit } = wrapper;
  const value = record["timestamp"] ?? record["@timestamp"] ?? record["time"] ?? record["epoch"] ??
    wrapper["@timestamp"] ?? (isFields(hit) ? hit["@timestamp"] : undefined) ??
    wrapper["timestamp"] ?? wrapper["time"] ?? record["timestamp"];
  if (value === undefined) throw new Rejected("EVENTS_REJECTED", "timestamp is missing");
  const time = isFields(value) ? readMongoDate(value["$date"]) : readValue(value);
  if (time !== undefined) return time;
  throw new Rejected("EVENTS_REJECTED", "timestamp is not a time in the form of ISO 8601");
}

/** A date of MongoDB's Extended JSON: ISO 8601, or milliseconds since 1970 as a number or its text. */
function readMongoDate(date: Value | undefined): number | undefined {
  const value = isFields(date) ? date["$numberLong"] : date;
  const isText = typeof value === "string" && isFields(date);
  const milliseconds = isText || isNumber(value) ? Number(value) : NaN;
  return Number.isFinite(milliseconds) ? milliseconds / 1000 : readValue(value);
}

/** ISO 8601, also with blanks around its zone or `UTC` for it; seconds or milliseconds since 1970. */
function readValue(value: Value | undefined): number | undefined {
  if (isNumber(value)) return readNumber(Number(value));
  if (typeof value !== "string") return undefined;
  const text = value.trim().replace(/ ?(?:UTC|GMT)$/, "Z").replace(/ (?=[-+]\d\d:?\d\d$)/, "");
  return readTime(text) ??
    (/^\d{10,13}(?:\.\d+)?$/.test(text) ? readNumber(Number(text)) : undefined);
}

function isNumber(value: Value | undefined): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}

function readNumber(number: number): number | undefined {
  if (number >= SECONDS.from && number < SECONDS.to) return number;
  const seconds = number / 1000;
  return seconds >= SECONDS.from && seconds < SECONDS.to ? seconds : undefined;
}
