import { parseDate } from "./parse_date.ts";
import { QueryError } from "./query_error.ts";
import { type FieldName, type TimeSpec, timeZoneOf } from "./time_range.ts";

/**
 * Makes query data of a time range as people type it: the day, minute or second of `to` ends with its
 * last microsecond, which query data must say; of a time that clocks show twice, `from` is the first
 * one and `to` the last.
 *
 * @throws {QueryError} InvalidParameterValue when a time probably means another one than query data
 * would say, or there is no such time zone.
 */
export function readTypedTimes(times: TimeSpec, name: FieldName = String): TimeSpec {
  const zone = timeZoneOf(times, name);
  for (const field of ["from", "to"] as const) {
    const doubt = doubtOf((times[field] ?? "").trim());
    if (doubt !== undefined) {
      throw new QueryError("InvalidParameterValue", `${name(field)} ${doubt}`);
    }
  }
  const { from = "", to = "" } = times;
  return {
    ...times,
    ...(from !== "" && { from: startOf(from, zone) }),
    ...(to !== "" && { to: endOf(to, zone) }),
  };
}

/** The first of two moments that clocks show alike, when summer time ends; other text as it stands. */
function startOf(text: string, zone: string): string {
  const earliest = parseDate(text, zone, { isEarliest: true });
  return earliest === parseDate(text, zone) ? text : String(earliest);
}

/** The last moment of a date, a minute or a second; other text as it stands. */
function endOf(text: string, zone: string): string {
  const trimmed = text.trim();
  return [`${trimmed} 23:59:59.999999`, endOfTime(trimmed)]
    .find((end) => end !== trimmed && parseDate(end, zone) !== undefined) ?? text;
}

/** `19:33:24` or `19:33`, the latter also behind a date in digits: `20261129T1933`. */
const TIME = /^(\d{8}[T ]\d{4}|.*?(?<![\d:.,])\d\d?:\d\d)(:?\d\d)?(?![\d:.,])/i;

/** `Sun Nov 29 19:33:24 2026`: the only form in which no fraction of a second is read. */
const YEAR_BEHIND_TIME = /^(.*\d)\s+(\d\d?:\d\d:\d\d)\s+(\d{4})$/;

/** A time with the last microsecond of its second or, if it has none, minute. */
function endOfTime(text: string): string {
  if (/^[0-9]+$/.test(text)) return `${text}.999999`;
  return text.replace(YEAR_BEHIND_TIME, "$1 $3 $2").replace(TIME, (time, start, second) => {
    const last = start.includes(":") ? ":59" : "59";
    return `${time}${second === undefined ? last : ""}.999999`;
  });
}

/** Says why a text that can be read as a time probably means another one, and what to give. */
function doubtOf(text: string): string | undefined {
  return monthOrDay(text) ?? dateInDigits(text) ?? milliseconds(text);
}

function monthOrDay(text: string): string | undefined {
  const [date, first, second, year] = /^([0-9]{1,2})\/([0-9]{1,2})\/([0-9]{4})/.exec(text) ?? [];
  const numbers = [Number(first), Number(second)];
  if (date === undefined || numbers[0] === numbers[1]) return undefined;
  if (numbers.some((number) => number < 1 || number > 12)) return undefined;
  const [month, day] = numbers.map((number) => String(number).padStart(2, "0"));
  return `may mean two days, ${date}: give ${year}-${month}-${day} or ${year}-${day}-${month}`;
}

/** `20260314`, `202603` and `2026`, which the query language reads as seconds. */
function dateInDigits(text: string): string | undefined {
  const [, year, month = "01", day = "01"] = /^((?:19|20)[0-9]{2})(0[1-9]|1[0-2])?([0-3][0-9])?$/
    .exec(text) ?? [];
  if (year === undefined) return undefined;
  return `would be ${text} seconds after the beginning of 1970: give a date such as ` +
    `${year}-${month}-${day}`;
}

function milliseconds(text: string): string | undefined {
  if (!/^[0-9]{12,}$/.test(text)) return undefined;
  return `would be in the year ${Math.round(1970 + Number(text) / 31_556_952)}: give seconds, ` +
    `not parts of them, such as ${text.slice(0, 10)}`;
}
