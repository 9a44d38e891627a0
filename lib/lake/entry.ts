import { Rejected } from "../errors.ts";
import { isSubType } from "../tahoe/sub_type.ts";
import type { Fields, Value } from "../tahoe/value.ts";

/** The fields of a lake entry that archiving needs. */
export type Entry = {
  readonly typetag: string;
  readonly orgid: string;
  readonly timezone: string | null;
  /** Seconds since 1970, UTC. */
  readonly timestamp: number;
};

/**
 * Reads an entry as the API writes it, and as it once did: older ones say `typtag`, some lack
 * the timezone (it is UTC then).
 *
 * @throws {Rejected} ENTRY_INVALID when a field is missing or wrong; the message names all of them.
 */
export function readEntry(fields: Fields): Entry {
  const { typtag, typetag = typtag, orgid, timestamp, timezone = "UTC" } = fields as {
    readonly [name: string]: Value | undefined;
  };
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

function describeFault(name: string, value: Value | undefined, expected: string): string {
  return value === undefined ? `${name} is missing` : `${name} is not ${expected}`;
}
