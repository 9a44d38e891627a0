// @ts-types="npm:@types/luxon@3.7.1"
import { DateTime } from "luxon";

/** Most characters to read, far more than the longest form: it bounds the work on hostile text. */
const MAX_LENGTH = 100;

const NUMBER = /^[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:e[-+]?[0-9]+)?$/i;

const COMPACT_ISO = /^(\d{4})(\d\d)(\d\d)[T ](\d\d)(\d\d)(\d\d)?(?!:)/i;
const ISO_SEPARATOR = /^(\d{4}-\d\d-\d\d)T(?=\d\d:)/i;
/** `Thu May 21 02:00:00 2020`: the year comes after the time. */
const CTIME = /^((?:[a-z]+\s+)?[a-z]+\s+\d\d?)\s+(\d\d?:\d\d:\d\d)\s+(\d{4})$/i;

const CLOCK = String.raw`(?<hour>\d\d?)(?::(?<minute>\d\d)(?::(?<second>\d\d)` +
  String.raw`(?:[.,](?<fraction>\d+))?)?)?(?:\s*(?<half>[ap]m))?`;
const OFFSET = String.raw`(?<offset>(?<!m)(?:Z|UTC|GMT)|[-+]\d\d(?::?\d\d)?)`;
const DATE_AND_TIME = new RegExp(
  `^(?<date>.*?)(?:,?\\s+(?<clock>${CLOCK})(?:\\s*${OFFSET})?)?$`,
  "i",
);

/** The closed list of dates, in luxon's tokens. Month first is tried before day first. */
const DATE_FORMATS = [
  "yyyy-M-d",
  "yyyy/M/d",
  "yyyy.M.d",
  "M/d/yyyy",
  "d/M/yyyy",
  ...["d-MMM-yyyy", "MMM d yyyy", "d MMM yyyy", "d-MMMM-yyyy", "MMMM d yyyy", "d MMMM yyyy"]
    .flatMap((date) => [date, `EEE ${date}`, `EEEE ${date}`]),
];

type DateGroups = { readonly [name: string]: string | undefined };

/**
 * Reads a number of seconds since 1970, or a date of the closed list in the TAHOE/CYBEX-P contract,
 * which is local in `zone` unless it has an offset of its own; with `isEarliest`, the first of two
 * times that clocks there show alike. Returns seconds since 1970, UTC, to
 * the microsecond; undefined if the text is neither.
 */
export function parseDate(
  text: string,
  zone: string,
  { isEarliest = false }: { readonly isEarliest?: boolean } = {},
): number | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const trimmed = text.trim();
  if (NUMBER.test(trimmed)) return Number.isFinite(Number(trimmed)) ? Number(trimmed) : undefined;
  const groups: DateGroups | undefined = DATE_AND_TIME.exec(separateDateAndTime(trimmed))?.groups;
  const date = groups && readCalendarDate(groups["date"]!);
  const time = groups && readClock(groups);
  const offset = groups && readOffset(groups["offset"]);
  if (!date || !time || offset === null) return undefined;
  const local = date.plus({ seconds: time.seconds });
  const seconds = offset === undefined
    ? utcSeconds(local, zone, isEarliest)
    : local.toSeconds() - 60 * offset;
  return (seconds * 1e6 + time.microseconds) / 1e6;
}

/** Rewrites forms in which date and time are not two words into one in which they are. */
function separateDateAndTime(text: string): string {
  return text
    .replace(
      COMPACT_ISO,
      (_, year, month, day, hour, minute, second = "00") =>
        `${year}-${month}-${day} ${hour}:${minute}:${second}`,
    )
    .replace(ISO_SEPARATOR, "$1 ")
    .replace(CTIME, "$1 $3 $2");
}

/** Returns midnight of a date, as if it were in UTC; undefined if the text is not a date. */
function readCalendarDate(text: string): DateTime | undefined {
  const words = text.replace(/,\s*|\s+/g, " ");
  for (const format of DATE_FORMATS) {
    const date = DateTime.fromFormat(words, format, { zone: "utc", locale: "en" });
    if (date.isValid && date.year > 0) return date;
  }
}

/** Returns the time of day in two parts; undefined if there is no such time. */
function readClock(groups: DateGroups): { seconds: number; microseconds: number } | undefined {
  const { clock, hour = "0", minute, second = "0", fraction = "", half } = groups;
  if (clock === undefined) return { seconds: 0, microseconds: 0 };
  // A bare hour could also be a year of two digits.
  if (minute === undefined && half === undefined) return undefined;
  if (Number(hour) > (half === undefined ? 23 : 12)) return undefined;
  if (Number(minute ?? 0) > 59 || Number(second) > 59) return undefined;
  const hours = half === undefined
    ? Number(hour)
    : Number(hour) % 12 + (half.toLowerCase() === "pm" ? 12 : 0);
  return {
    seconds: 3600 * hours + 60 * Number(minute ?? 0) + Number(second),
    microseconds: Number(fraction.slice(0, 6).padEnd(6, "0")),
  };
}

/** Returns minutes east of UTC; undefined if no offset is given, null if it is out of range. */
function readOffset(text: string | undefined): number | null | undefined {
  if (text === undefined) return undefined;
  const [, sign, hours = "0", minutes = "0"] = /^([-+])(\d\d):?(\d\d)?$/.exec(text) ?? [];
  if (Number(hours) > 23 || Number(minutes) > 59) return null;
  return (sign === "-" ? -1 : 1) * (60 * Number(hours) + Number(minutes));
}

/**
 * Returns the seconds since 1970 at which clocks in the zone show a time. A time that they show
 * twice, or skip, is read as standard time unless the earliest is wanted: luxon returns both candidates in order, and counts on
 * from before the gap.
 */
function utcSeconds(local: DateTime, zone: string, isEarliest: boolean): number {
  const possible = local.setZone(zone, { keepLocalTime: true }).getPossibleOffsets();
  return possible.at(isEarliest ? 0 : -1)!.toSeconds();
}
