const DATE = String.raw`(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)`;
const CLOCK = String.raw`(?<hour>\d\d)(?::(?<minute>\d\d)(?::(?<second>\d\d)` +
  String.raw`(?:[.,](?<fraction>\d{1,9}))?)?)?`;
const OFFSET = String
  .raw`Z|(?<sign>[-+])(?<hours>\d\d)(?::?(?<minutes>\d\d)(?::(?<seconds>\d\d))?)?`;
const ISO_TIME = new RegExp(`^${DATE}(?:[T ]${CLOCK}(?:${OFFSET})?)?$`, "i");

/**
 * Reads an ISO 8601 time as seconds since 1970, UTC: a date, optionally followed by hours, minutes,
 * seconds, up to nine decimal places, and an offset. Without an offset the time is UTC. Undefined if
 * there is no such time. Keeps whole microseconds, as Python does; Date would lose them.
 */
export function readTime(text: string): number | undefined {
  const groups = ISO_TIME.exec(text)?.groups;
  if (groups === undefined) return undefined;
  const number = (name: string) => Number(groups[name] ?? 0);
  const midnight = readDay(number("year"), number("month"), number("day"));
  if (midnight === undefined) return undefined;
  if (number("hour") > 23 || number("minute") > 59 || number("second") > 59) return undefined;
  if (number("hours") > 23 || number("minutes") > 59 || number("seconds") > 59) return undefined;
  const offset = 3600 * number("hours") + 60 * number("minutes") + number("seconds");
  const local = midnight + 3600 * number("hour") + 60 * number("minute") + number("second");
  const seconds = groups["sign"] === "-" ? local + offset : local - offset;
  const microseconds = Number((groups["fraction"] ?? "").slice(0, 6).padEnd(6, "0"));
  return (seconds * 1e6 + microseconds) / 1e6;
}

/** Midnight UTC of a day, in seconds since 1970; undefined if the calendar has no such day. */
function readDay(year: number, month: number, day: number): number | undefined {
  // Date.UTC would add 1900 to years below 100.
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const exists = year > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists ? date.getTime() / 1000 : undefined;
}
