import type { Fields } from "../../lib/tahoe/value.ts";
import type { NamedValue } from "../answer.ts";
import { listOf, numberOf, objectOf, objectsOf, scalarOf } from "../read/fields.ts";

/** What the events of an indicator come to. */
export type LiveSightings = {
  readonly asked: NamedValue;
  readonly found: readonly NamedValue[];
  readonly events: number;
  readonly verdicts: readonly (readonly [category: "malicious" | "unknown" | "benign", number])[];
  /** Seconds since 1970. */
  readonly firstSeen?: number;
  readonly lastSeen?: number;
  readonly from?: number;
  readonly to?: number;
  /** Names of those who reported the events. */
  readonly organisations: readonly string[];
};

/** Reads the row of a look-up. */
export function readSightings(row: Fields): LiveSightings {
  const time = (name: string, field: string) => {
    const seconds = numberOf(row[field]);
    return seconds === undefined ? {} : { [name]: seconds };
  };
  const categories = ["malicious", "unknown", "benign"] as const;
  return {
    asked: readName(objectOf(row["asked"])),
    found: objectsOf(row["found"]).map(readName),
    events: numberOf(row["events"]) ?? 0,
    verdicts: categories.map((category) => [category, numberOf(row[category]) ?? 0] as const),
    ...time("firstSeen", "first_seen"),
    ...time("lastSeen", "last_seen"),
    ...time("from", "from"),
    ...time("to", "to"),
    organisations: listOf(row["organisations"]).map(String),
  };
}

function readName({ sub_type, data }: Fields): NamedValue {
  return { subType: String(sub_type), data: scalarOf(data) };
}
