import type { Fields, Value } from "../tahoe/value.ts";
import { openAnswer, unwrapRecord } from "./cowrie_wrappers.ts";
import { damagedObject } from "./damaged_json.ts";
import { parseFields, splitLines, splitRecords } from "./records.ts";
import { parseObject, tryParseJson } from "./storable_json.ts";

/** Lines that are looked at to find out whether records stand behind something else. */
const FIRST_LINES = 100;

/** The records of an upload: as JSON says, or one in each line that syslog or a container wrote. */
export function splitLog(data: Value): readonly Value[] {
  const damaged = damagedObject(textOf(data) ?? "");
  if (damaged !== undefined) return [...openAnswer(damaged.object), ...damaged.broken];
  const records = splitRecords(data);
  const text = records.length === 1 ? textOf(data) : undefined;
  const lines = text === undefined ? [] : splitLines(text);
  const hasPrefixes = lines.slice(0, FIRST_LINES).some((line) => readPrefixed(line) !== undefined);
  return hasPrefixes ? lines : records.flatMap((record) => openAnswer(record));
}

/** The text of an upload that is not JSON. */
export function textOf(data: Value): string | undefined {
  if (typeof data === "string") return data;
  const text = typeof data === "object" && data !== null && !Array.isArray(data)
    ? (data as Fields)["data"]
    : undefined;
  return typeof text === "string" ? text : undefined;
}

/**
 * The fields of a record, which may stand behind the time and program that syslog, Docker, Kubernetes
 * or Fluentd put before it, or be a JSON string.
 *
 * @throws {SyntaxError} when the record is a string without JSON in it.
 * @throws {Rejected} EVENTS_REJECTED when the record is not an object.
 */
export function parseRecord(record: Value): Fields {
  return (typeof record === "string" ? readPrefixed(record) : undefined) ?? parseFields(record);
}

function readPrefixed(line: string): Fields | undefined {
  const at = line.indexOf("{");
  // NULs are where a log was damaged, not what a program writes.
  if (at <= 0 || line.slice(0, at).includes("\0")) return undefined;
  // `jq .message` writes the JSON of the text of each record.
  const quoted = at === 1 && line.startsWith('"') ? tryParseJson(line) : undefined;
  const fields = parseObject(typeof quoted === "string" ? quoted : line.slice(at));
  return fields !== undefined && unwrapRecord(fields) !== undefined ? fields : undefined;
}
