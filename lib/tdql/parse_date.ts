// @ts-types="npm:@types/luxon@3.7.1"
import { DateTime } from "luxon";

// Far more than the longest form takes; bounds the work on text from outside.
const MAX_LENGTH = 100;

const NUMBER = /^[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:e[-+]?[0-9]+)?$/i;

const COMPACT_ISO = /^(\d{4})(\d\d)(\d\d)[T ](\d\d)(\d\d)(\d\d)?(?!:)/i;
const ISO_SEPARATOR = /^(\d{4}-\d\d-\d\d)T(?=\d\d:)/i;
/** `Thu May 21 02:00:00 2020`: the year behind the time. */
const CTIME = /^((?:[a-z]+\s+)?[a-z]+\s+\d\d?)\s+(\d\d?:\d\d:\d\d)\s+(\d{4})$/i;

const CLOCK = String.raw`(?<hour>\d\d?)(?::(?<minute>\d\d)(?::(?<second>\d\d)` +
  String.raw`(?:[.,](?<fraction>\d+))?)?)?(?:\s*(?<half>[ap]m))?`;
const OFFSET = String.raw`(?<offset>(?<!m)(?:Z|UTC|GMT)|[-+]\d\d(?::?\d\d)?)`;
const PARTS = new RegExp(`^(?<date>.*?)(?:,?\\s+(?<clock>${CLOCK})(?:\\s*${OFFSET})?)?$`, "i");

/** The closed list of dates, in luxon's tokens. Month first is tried before day first. */
const DATES = [
  ...["yyyy-M-d", "yyyy/M/d", "yyyy.M.d", "M/d/yyyy", "d/M/yyyy"],
  ...["d-MMM-yyyy", "MMM d yyyy", "d MMM yyyy", "d-MMMM-yyyy", "MMMM d yyyy", "d MMMM yyyy"]
    .flatMap((date) => [date, `EEE ${date}`, `EEEE ${date}`]),
];

type Parts = { readonly [name: string]: string | undefined };

/**
 * Seconds since 1970, UTC, from a number of them as text or from a date of the closed list in the
 * TAHOE/CYBEX-P contract, local in `zone` unless it has an offset of its own; undefined if the text
 * is neither. Fractions count to the microsecond.
 */
export function parseDate(text: string, zone: string): number | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const trimmed = text.trim();
  if (NUMBER.test(trimmed)) return Number.isFinite(Number(trimmed)) ? Number(trimmed) : undefined;
  const parts: Parts | undefined = PARTS.exec(uniform(trimmed))?.groups;
  const date = parts && readCalendarDate(parts["date"]!);
  const time = parts && readClock(parts);
  const offset = parts && readOffset(parts["offset"]);
  if (!date || !time || offset === null) return undefined;
  const local = date.plus({ seconds: time.seconds });
  const seconds = offset === undefined ? utcSeconds(local, zone) : local.toSeconds() - 60 * offset;
  return (seconds * 1e6 + time.microseconds) / 1e6;
}

/** Brings the forms in which date and time are not two words into one in which they are. */
function uniform(text: string): string {
  return text
    .replace(
      COMPACT_ISO,
      (_, year, month, day, hour, minute, second = "00") =>
        `${year}-${month}-${day} ${hour}:${minute}:${second}`,
    )
    .replace(ISO_SEPARATOR, "$1 ")
    .replace(CTIME, "$1 $3 $2");
}

/** Midnight of the date, as if in UTC. */
function readCalendarDate(text: string): DateTime | undefined {
  const words = text.replace(/,\s*|\s+/g, " ");
  for (const format of DATES) {
    const date = DateTime.fromFormat(words, format, { zone: "utc", locale: "en" });
    if (date.isValid && date.year > 0) return date;
  }
}

function readClock(parts: Parts): { seconds: number; microseconds: number } | undefined {
  const { clock, hour = "0", minute, second = "0", fraction = "", half } = parts;
  if (clock === undefined) return { seconds: 0, microseconds: 0 };
  // A bare hour could as well be a year of two digits.
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

/** Minutes east of UTC; undefined if the text has no offset, null if there is no such offset. */
function readOffset(text: string | undefined): number | null | undefined {
  if (text === undefined) return undefined;
  const [, sign, hours = "0", minutes = "0"] = /^([-+])(\d\d):?(\d\d)?$/.exec(text) ?? [];
  if (Number(hours) > 23 || Number(minutes) > 59) return null;
  return (sign === "-" ? -1 : 1) * (60 * Number(hours) + Number(minutes));
}

/**
 * Seconds since 1970 at which clocks in the zone show a time. One they show twice, or skip, is read as
 * standard time: luxon gives the two in order, and counts on from before the gap.
 */
function utcSeconds(local: DateTime, zone: string): number {
  const possible = local.setZone(zone, { keepLocalTime: true }).getPossibleOffsets();
  return possible.at(-1)!.toSeconds();
}
