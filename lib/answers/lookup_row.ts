import type { AttributeName } from "../tahoe/attribute.ts";
import type { Hash } from "../tahoe/instance.ts";
import type { Fields } from "../tahoe/value.ts";
import type { FoundAttribute, LookupAnswer } from "../tdql/lookup.ts";
import type { TimeRange } from "../tdql/time_range.ts";
import { valueText } from "./value_text.ts";

/** A value that cannot be looked up, and why. */
export type UnreadValue = {
  readonly value: string;
  readonly reason: string;
  /** What it may mean, if it does not show its kind, and the number of events that hold that. */
  readonly kinds?: readonly FoundAttribute[];
  /** The only indicator that it holds, beside other words. */
  readonly held?: AttributeName;
};

/** A value as it was written, and what the events say of it. */
export type AnsweredValue = LookupAnswer & {
  readonly value: string;
  /** What the value was taken for. */
  readonly asked: AttributeName;
  /** Names of the organisations that reported the events, sorted. */
  readonly organisations: readonly string[];
};

export type LookupRow = UnreadValue | AnsweredValue;

/** The time range in which events were counted, in seconds since 1970; infinite without a bound. */
export type CountedRange = TimeRange & {
  /** Whether no range was asked for: everything up to now. */
  readonly isAllTime: boolean;
};

/** Tells whether a row has a reason instead of an answer. */
export function isUnread(row: LookupRow): row is UnreadValue {
  return "reason" in row;
}

/** Makes the row of a value that was looked up; organisations without a name keep their hash. */
export function answeredValue(
  { value, asked }: Pick<AnsweredValue, "value" | "asked">,
  answer: LookupAnswer,
  orgnames: ReadonlyMap<Hash, string>,
): AnsweredValue {
  const organisations = answer.sightings.orgids.map((orgid) => orgnames.get(orgid) ?? orgid);
  return { ...answer, value, asked, organisations: organisations.sort() };
}

/** Writes a row as fields. Times are seconds since 1970, as in reports; null where a bound is missing. */
export function rowFields(row: LookupRow, { start, end }: TimeRange): Fields {
  const { value } = row;
  if (isUnread(row)) {
    const { reason, kinds = [], held } = row;
    return {
      value,
      reason,
      ...(kinds.length > 0 && { kinds: kinds.map(countedFields) }),
      ...(held !== undefined && { held: nameFields(held) }),
    };
  }
  const { events, malicious, benign, unknown, first, last } = row.sightings;
  return {
    value,
    asked: nameFields(row.asked),
    found: row.found.map(nameFields),
    from: finite(start),
    to: finite(end),
    events: BigInt(events),
    malicious: BigInt(malicious),
    benign: BigInt(benign),
    unknown: BigInt(unknown),
    first_seen: first,
    last_seen: last,
    ...(row.outside > 0 && { outside: BigInt(row.outside) }),
    ...(row.within.length > 0 && { within: row.within.map(countedFields) }),
    ...(row.addresses.length > 0 && { addresses: row.addresses.map(countedFields) }),
    ...(row.advice !== undefined && { advice: row.advice }),
    organisations: row.organisations,
    ...(row.rank !== undefined && { threatrank: row.rank.rank, flags: row.rank.flags }),
  };
}

function nameFields({ subType, data }: AttributeName): Fields {
  return { sub_type: subType, data };
}

function countedFields({ events, ...name }: FoundAttribute): Fields {
  return { ...nameFields(name), events: BigInt(events) };
}

function finite(seconds: number): number | null {
  return Number.isFinite(seconds) ? seconds : null;
}

/** Writes the name of an attribute, such as `ipv4 192.0.2.1`. */
export function nameText({ subType, data }: AttributeName): string {
  return `${subType} ${valueText(data)}`;
}
