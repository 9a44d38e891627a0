import { Rejected } from "../errors.ts";
import { isSubType } from "../tahoe/sub_type.ts";
import type { Fields, Value } from "../tahoe/value.ts";

/** What an entry of the cache lake says of its upload. */
export type Entry = {
  readonly typetag: string;
  readonly orgid: string;
  readonly timezone: string | null;
  /** Seconds since 1970, UTC. */
  readonly timestamp: number;
};

/**
 * Reads an entry as the API writes it, and as it once did: older ones say `typtag`, some have no
 * timezone (then it is UTC).
 *
 * Throws Rejected ENTRY_INVALID naming every field that is missing or wrong.
 */
export function readEntry(fields: Fields): Entry {
  const typetag = fields["typetag"] === undefined ? fields["typtag"] : fields["typetag"];
  const { orgid, timestamp, timezone = "UTC" } = fields as { [name: string]: Value | undefined };
  const faults: string[] = [];
  if (typeof typetag !== "string" || !isSubType(typetag)) {
    faults.push(wrong("typetag", typetag, "a name of letters, digits and _"));
  }
  if (typeof orgid !== "string") faults.push(wrong("orgid", orgid, "a text"));
  if (typeof timestamp !== "number" && typeof timestamp !== "bigint") {
    faults.push(wrong("timestamp", timestamp, "a number of seconds"));
  }
  if (typeof timezone !== "string" && timezone !== null) {
    faults.push(wrong("timezone", timezone, "a text"));
  }
  if (faults.length > 0) throw new Rejected("ENTRY_INVALID", faults.join("; "));
  return { typetag, orgid, timezone, timestamp: Number(timestamp) } as Entry;
}

function wrong(name: string, value: Value | undefined, expected: string): string {
  return value === undefined ? `${name} is missing` : `${name} is not ${expected}`;
}
