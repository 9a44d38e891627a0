const DATE = String.raw`(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)`;
const CLOCK = String.raw`(?<hour>\d\d)(?::(?<minute>\d\d)(?::(?<second>\d\d)` +
  String.raw`(?:[.,](?<fraction>\d{1,9}))?)?)?`;
const OFFSET = String
  .raw`Z|(?<sign>[-+])(?<hours>\d\d)(?::?(?<minutes>\d\d)(?::(?<seconds>\d\d))?)?`;
const ISO_TIME = new RegExp(`^${DATE}(?:[T ]${CLOCK}(?:${OFFSET})?)?$`, "i");

/**
 * Seconds since 1970, UTC, of a time in the form of ISO 8601: a day; behind it, if given, hours,
 * minutes, seconds, up to nine digits of a second, and the offset, without which it is UTC.
 * Undefined if there is no such time. Counts whole microseconds, as Python does: Date loses them.
 */
export function readTime(text: string): number | undefined {
  const parts = ISO_TIME.exec(text)?.groups;
  if (parts === undefined) return undefined;
  const part = (name: string) => Number(parts[name] ?? 0);
  const midnight = readDay(part("year"), part("month"), part("day"));
  if (midnight === undefined || part("hour") > 23 || part("minute") > 59 || part("second") > 59) {
    return undefined;
  }
  if (part("hours") > 23 || part("minutes") > 59 || part("seconds") > 59) return undefined;
  const offset = 3600 * part("hours") + 60 * part("minutes") + part("seconds");
  const local = midnight + 3600 * part("hour") + 60 * part("minute") + part("second");
  const seconds = parts["sign"] === "-" ? local + offset : local - offset;
  const microseconds = Number((parts["fraction"] ?? "").slice(0, 6).padEnd(6, "0"));
  return (seconds * 1e6 + microseconds) / 1e6;
}

/** When the day begins in UTC; undefined if no calendar has it. */
function readDay(year: number, month: number, day: number): number | undefined {
  // Date.UTC takes years below 100 for those of the twentieth century.
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const exists = year > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists ? date.getTime() / 1000 : undefined;
}
