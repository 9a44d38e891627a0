import type { Fields } from "../../lib/tahoe/value.ts";
import type { NamedValue } from "../answer.ts";
import type { NearValues } from "../near.ts";
import { listOf, numberOf, objectOf, objectsOf, scalarOf } from "../read/fields.ts";
import { readNear } from "../read/read_question.ts";

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
  /** Events at other times, if there are none in this; 0 if there are none at all. */
  readonly atOtherTimes: number;
  /** Names of those who reported the events. */
  readonly organisations: readonly string[];
  /** What else may have been meant, if nothing was found. */
  readonly advice?: string;
} & NearValues;

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
    atOtherTimes: numberOf(row["outside"]) ?? 0,
    organisations: listOf(row["organisations"]).map(String),
    ...readNear(row),
  };
}

/** Reads the name of a value. */
export function readName({ sub_type, data }: Fields): NamedValue {
  return { subType: String(sub_type), data: scalarOf(data) };
}
