import { Rejected } from "../errors.ts";
import { typeName } from "../tahoe/fault.ts";
import { isSubType } from "../tahoe/sub_type.ts";
import { type Fields, isFields, type Value } from "../tahoe/value.ts";
import { readTime } from "../typetags/time.ts";
import type { Aliases } from "../aliases.ts";

/** The fields of a lake entry that archiving needs. */
export type Entry = {
  readonly typetag: string;
  readonly orgid: string;
  readonly timezone: string | null;
  /** Seconds since 1970, UTC. */
  readonly timestamp: number;
};

/**
 * Reads an entry as the API writes it, and as it once did: older ones say `typtag`, in which a
 * hyphen stands for `_`; those of 2020 say `datetime`; some lack the timezone (it is UTC then).
 * `aliases` replaces typetags by others.
 *
 * @throws {Rejected} ENTRY_INVALID when a field is missing or wrong; the message names all of them.
 */
export function readEntry(fields: Fields, aliases: Aliases = new Map()): Entry {
  const { datetime, orgid, timestamp = readDatetime(datetime), timezone = "UTC" } = fields as {
    readonly [name: string]: Value | undefined;
  };
  const typetag = readTypetag(fields, aliases);
  const faults: string[] = [];
  if (typeof typetag !== "string" || !isSubType(typetag)) {
    faults.push(describeFault("typetag", typetag, "a name of letters, digits and _"));
  }
  if (typeof orgid !== "string") faults.push(describeFault("orgid", orgid, "a string"));
  if (typeof timestamp !== "number" && typeof timestamp !== "bigint") {
    faults.push(describeFault("timestamp", timestamp, "a number of seconds"));
  }
  if (typeof timezone !== "string" && timezone !== null) {
    faults.push(describeFault("timezone", timezone, "a string"));
  }
  if (faults.length > 0) throw new Rejected("ENTRY_INVALID", faults.join("; "));
  return { typetag, orgid, timezone, timestamp: Number(timestamp) } as Entry;
}

/** Time of an entry in seconds since 1970, UTC; null if it has none. */
export function entryTime({ timestamp, datetime }: Fields): number | null {
  const time = timestamp ?? readDatetime(datetime);
  return typeof time === "number" || typeof time === "bigint" ? Number(time) : null;
}

function readTypetag(
  { typetag, typtag }: { readonly [name: string]: Value | undefined },
  aliases: Aliases,
): Value | undefined {
  const name = typetag === undefined ? typtag : typetag;
  if (typeof name !== "string") return name;
  return aliases.get(name) ?? (typetag === undefined ? name.replaceAll("-", "_") : name);
}

/** The time of an entry of 2020: seconds, an ISO 8601 time, or a date as MongoDB stores it. */
function readDatetime(datetime: Value | undefined): Value | undefined {
  if (typeof datetime === "string") return readTime(datetime) ?? datetime;
  const date = isFields(datetime) ? datetime["$date"] : undefined;
  // Canonical Extended JSON, as which stores give what JSON lacks, has `{$date: {$numberLong}}`.
  const milliseconds = isFields(date) ? date["$numberLong"] : date;
  if (typeof milliseconds === "string") {
    const isNumber = /^-?\d{1,16}$/.test(milliseconds);
    return isNumber ? Number(milliseconds) / 1000 : readTime(milliseconds) ?? milliseconds;
  }
  return typeof milliseconds === "number" || typeof milliseconds === "bigint"
    ? Number(milliseconds) / 1000
    : datetime;
}

function describeFault(name: string, value: Value | undefined, expected: string): string {
  if (value === undefined) return `${name} is missing`;
  const type = typeof value === "string" ? "" : `, but ${typeName(value)}`;
  return `${name} is not ${expected}${type}`;
}
