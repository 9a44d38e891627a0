import { DateTime } from "luxon";
import { QueryError } from "./query_error.ts";
import type { TimeRange } from "./time_range.ts";

/** Intervals by which events can be counted; a week begins on Monday (ISO 8601). */
export const INTERVALS = ["hour", "day", "week", "month"] as const;

export type Interval = typeof INTERVALS[number];

/** Most intervals in one answer. */
const MAX_INTERVALS = 5000;

const LABELS: { readonly [by in Interval]: string } = {
  hour: "yyyy-MM-dd HH:mm ZZ",
  day: "yyyy-MM-dd",
  week: "yyyy-MM-dd",
  month: "yyyy-MM",
};

/** An interval by its first moment, in seconds since 1970, and by its name in its time zone. */
export type IntervalStart = { readonly start: number; readonly label: string };

/**
 * Lists the hours, days, weeks or months of a time zone that a range touches, without gaps.
 *
 * @throws {QueryError} InvalidParameterValue when there are more than 5000, or the calendar has no
 * such times.
 */
export function listIntervals(
  by: Interval,
  { start, end }: TimeRange,
  zone: string,
): IntervalStart[] {
  const found: IntervalStart[] = [];
  let next = DateTime.fromSeconds(toCalendar(start), { zone }).startOf(by);
  while (next.isValid && next.toSeconds() <= end && found.length <= MAX_INTERVALS) {
    found.push({ start: next.toSeconds(), label: next.toFormat(LABELS[by], { locale: "en" }) });
    // Where midnight does not exist, a day begins later.
    next = next.plus({ [by]: 1 }).startOf(by);
  }
  if (found.length <= MAX_INTERVALS && next.isValid) return found;
  throw new QueryError(
    "InvalidParameterValue",
    `by ${by} would give more than ${MAX_INTERVALS} rows: ask for a shorter time${LONGER[by]}`,
  );
}

/** What else to do about an interval that is too short. */
const LONGER: { readonly [by in Interval]: string } = {
  hour: ", or by day, week or month",
  day: ", or by week or month",
  week: ", or by month",
  month: "",
};

/** Luxon accepts only times that JavaScript's dates can have. */
function toCalendar(seconds: number): number {
  return Math.max(-8.64e12, Math.min(8.64e12, seconds));
}
