import { ianaTimeZone } from "../time_zone.ts";
import { timeZoneAdvice } from "../time_zone_advice.ts";
import { parseDate } from "./parse_date.ts";
import { QueryError } from "./query_error.ts";

/** The fields of query data that set a time range; an empty string counts as absent. */
export type TimeSpec = {
  /** Seconds since 1970 as a string, or a date. */
  readonly from?: string;
  /** The same; the current time if absent. */
  readonly to?: string;
  /** A whole number and a unit, such as `3 days`; excludes `from` and `to`. */
  readonly last?: string;
  /** IANA name of the time zone of dates without an offset; UTC if absent. */
  readonly tzname?: string;
};

/** Writes the name of a field for those who gave it; by itself, as query data has it. */
export type FieldName = (field: keyof TimeSpec) => string;

/** Seconds since 1970, UTC, both inclusive; a bound of exactly 0 counts as no bound. */
export type TimeRange = { readonly start: number; readonly end: number };

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365.25 * DAY;
const MONTH = YEAR / 12;

const UNITS: ReadonlyMap<string, number> = new Map([
  ...["s", "sec", "second", "seconds"].map((unit) => [unit, 1] as const),
  ...["m", "min", "mins", "minute", "minutes"].map((unit) => [unit, MINUTE] as const),
  ...["h", "hr", "hrs", "hour", "hours"].map((unit) => [unit, HOUR] as const),
  ...["d", "day", "days"].map((unit) => [unit, DAY] as const),
  ...["w", "week", "weeks"].map((unit) => [unit, 7 * DAY] as const),
  ...["M", "month", "months"].map((unit) => [unit, MONTH] as const),
  ...["Y", "year", "years"].map((unit) => [unit, YEAR] as const),
]);

/**
 * Reads the time range of a query as `get_dtrange` of the TAHOE/CYBEX-P contract does; `now` is in
 * seconds since 1970. Without any field, it is everything up to now. The range may be empty, with
 * its start after its end.
 *
 * @throws {QueryError} InvalidParameterValue when a field cannot be read.
 */
export function timeRange(
  { from = "", to = "", last = "", tzname = "" }: TimeSpec,
  now: number,
  name: FieldName = String,
): TimeRange {
  const zone = timeZoneOf({ tzname }, name);
  if (last !== "") {
    if (from !== "" || to !== "") {
      throw invalid(`${name("last")} excludes ${name("from")} and ${name("to")}: give it alone`);
    }
    return { start: now - readDuration(last, name("last")), end: now };
  }
  return {
    start: from === "" ? 0 : readBound(name("from"), from, zone),
    end: to === "" ? now : readBound(name("to"), to, zone),
  };
}

/**
 * Returns the IANA name of the zone of a question's times.
 *
 * @throws {QueryError} InvalidParameterValue when there is no such zone.
 */
export function timeZoneOf({ tzname = "" }: TimeSpec, name: FieldName = String): string {
  const zone = tzname === "" ? "UTC" : ianaTimeZone(tzname);
  if (zone !== undefined) return zone;
  throw invalid(
    `${name("tzname")} is not an IANA time zone: ${timeZoneAdvice(tzname)}`,
  );
}

/**
 * Checks that events can be in a range that {@link timeRange} read.
 *
 * @throws {QueryError} InvalidParameterValue when its start is after its end, or `last` is 0.
 */
export function checkRange(
  { to = "", last = "" }: TimeSpec,
  { start, end }: TimeRange,
  name: FieldName = String,
): void {
  if (last !== "" && start >= end) {
    throw invalid(
      `${name("last")} must be longer than nothing: give a number above 0 and a unit, such as 10d`,
    );
  }
  if (start <= end || start === 0 || end === 0) return;
  throw invalid(
    to === ""
      ? `${name("from")} is in the future: give an earlier time, or ${name("to")} as well`
      : `${name("from")} is after ${name("to")}: exchange them`,
  );
}

function readBound(field: string, text: string, zone: string): number {
  const seconds = parseDate(text, zone);
  if (seconds !== undefined) return seconds;
  throw invalid(
    `${field} cannot be read as a time: give seconds since 1970 or a full date, such as ` +
      "2020-05-21, 2020-05-21 14:30, 2020-05-21T14:30:00+02:00 or 21 May 2020 2:30pm",
  );
}

/** Returns seconds. Fifteen digits of any unit are more than the age of the universe. */
function readDuration(text: string, field: string): number {
  const match = /^([-+]?[0-9]{1,15})(\s*)([a-zA-Z]+)$/.exec(text.trim());
  const [, count, blank, unit] = match ?? [];
  const seconds = UNITS.get(unit ?? "");
  if (seconds === undefined || (unit!.length > 1 && blank === "")) {
    throw invalid(
      `${field} cannot be read: give a whole number and a unit, such as 10d or 3 hours; ` +
        "units are s, m, h, d, w, M and Y, or after a blank minutes, days, months, years …",
    );
  }
  return Number(count) * seconds;
}

function invalid(message: string): QueryError {
  return new QueryError("InvalidParameterValue", message);
}
