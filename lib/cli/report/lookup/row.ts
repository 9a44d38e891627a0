import type { AttributeName } from "../../../tahoe/attribute.ts";
import type { LookupAnswer } from "../../../tdql/lookup.ts";
import { valueText } from "../../../answers/value_text.ts";

/** A value that cannot be looked up, and why. */
export type UnreadValue = { readonly value: string; readonly reason: string };

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
export type CountedRange = { readonly start: number; readonly end: number };

/** Tells whether a row has a reason instead of an answer. */
export function isUnread(row: LookupRow): row is UnreadValue {
  return "reason" in row;
}

/** Writes the name of an attribute, such as `ipv4 192.0.2.1`. */
export function nameText({ subType, data }: AttributeName): string {
  return `${subType} ${valueText(data)}`;
}
