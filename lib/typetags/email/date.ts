const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const FULL_MONTHS = [
  "january",
  "february",
  "march",
  "april",
  "may",
  "june",
  "july",
  "august",
  "september",
  "october",
  "november",
  "december",
];
const DAYS: ReadonlySet<string> = new Set(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]);

/** Hours and minutes east of Greenwich, also as `+02:00`, `+2` and `GMT+0200`. */
const OFFSET = /^(?:GMT|UTC?)?([-+])([0-9]{1,2})(?::?([0-9]{2}))?$/i;

/** Named zones of RFC 5322, section 4.3, as hours times 100. Any other name counts as UTC. */
const ZONES: { readonly [name: string]: number } = {
  AST: -400,
  ADT: -300,
  EST: -500,
  EDT: -400,
  CST: -600,
  CDT: -500,
  MST: -700,
  MDT: -600,
  PST: -800,
  PDT: -700,
};

/**
 * Reads a Date header (RFC 5322, section 3.3) as seconds since 1970, UTC. Accepts older forms, too:
 * no day of the week, month before day, year after the time, `05-Apr-21`, `13.38.21`, `1:38 PM`, and
 * two digits for the years 1969 to 2068. Without a zone, or with `-0000`, the time is UTC. Undefined
 * if there is no such time.
 */
export function readDate(header: string): number | undefined {
  const words = splitDate(header);
  if (words.length < 5) return undefined;
  const half = /^[ap]m$/i.test(words[4]!) ? words.splice(4, 1)[0]!.toLowerCase() : undefined;
  let [day, month, year, time, zone = ""] = words as [string, string, string, string, string?];
  if (monthIndex(month) === undefined) [day, month] = [month, day];
  if (year.indexOf(":") > 0) [year, time] = [time, year];
  if (!/^\d/.test(year)) [year, zone] = [zone, year];
  const local = localSeconds({
    year: fullYear(parseInteger(stripComma(year))),
    month: monthIndex(month),
    day: parseInteger(stripComma(day)),
    clock: fullClock(readClock(stripComma(time)), half),
  });
  const offset = offsetSeconds(zone);
  return local === undefined || offset === undefined ? undefined : local - offset;
}

/** Day, month, year, time and zone, usually in that order, without the day of the week. */
function splitDate(header: string): string[] {
  let words = header.trim().split(/\s+/);
  const first = words[0]!;
  if (first.endsWith(",") || DAYS.has(first.toLowerCase())) words.shift();
  else words[0] = first.slice(first.lastIndexOf(",") + 1);
  if (words.length === 3 && words[0]!.split("-").length === 3) {
    words = [...words[0]!.split("-"), ...words.slice(1)];
  }
  if (words.length === 4) {
    const time = words.pop()!;
    const zoneAt = time.includes("+") ? time.indexOf("+") : time.indexOf("-");
    words.push(...(zoneAt > 0 ? [time.slice(0, zoneAt), time.slice(zoneAt)] : [time, ""]));
  }
  return words;
}

function stripComma(word: string): string {
  return word.endsWith(",") ? word.slice(0, -1) : word;
}

/** NaN if the word is not an integer. */
function parseInteger(word: string): number {
  return /^[-+]?\d+$/.test(word) ? Number(word) : NaN;
}

/** A month's number, from 0; undefined if the word is not a month. */
function monthIndex(word: string): number | undefined {
  const name = word.toLowerCase();
  const index = Math.max(MONTHS.indexOf(name), FULL_MONTHS.indexOf(name));
  return index < 0 ? undefined : index;
}

function fullYear(year: number): number {
  if (year >= 100) return year;
  return year > 68 ? year + 1900 : year + 2000;
}

/** Hours, minutes and seconds; 0 seconds if they are left out. */
function readClock(word: string): readonly number[] {
  const numbers = word.split(word.includes(":") ? ":" : ".").map(parseInteger);
  return numbers.length === 2 ? [...numbers, 0] : numbers;
}

/** A clock of 24 hours; `half` is the half of the day of one of 12. */
function fullClock(clock: readonly number[], half: string | undefined): readonly number[] {
  const [hour = NaN, ...rest] = clock;
  // Some programs write the half of the day behind a clock of 24 hours.
  if (half === undefined || hour > 12) return clock;
  return [(hour % 12) + (half === "pm" ? 12 : 0), ...rest];
}

type LocalTime = {
  readonly year: number;
  /** From 0. */
  readonly month: number | undefined;
  readonly day: number;
  readonly clock: readonly number[];
};

/** Seconds since 1970 if the zone were UTC; undefined if there is no such time. */
function localSeconds({ year, month, day, clock }: LocalTime): number | undefined {
  const [hour = NaN, minute = NaN, second = NaN, ...more] = clock;
  if (month === undefined || more.length > 0 || !(year >= 1 && year <= 9999)) return undefined;
  const exists = day >= 1 && day <= new Date(Date.UTC(year, month + 1, 0)).getUTCDate() &&
    hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && second >= 0 && second <= 59;
  return exists ? Date.UTC(year, month, day, hour, minute, second) / 1000 : undefined;
}

/** A zone's offset from UTC; undefined if it is 24 hours or more. */
function offsetSeconds(zone: string): number | undefined {
  const [, sign, hours, minutes = 0] = OFFSET.exec(zone) ?? [];
  if (sign !== undefined) {
    const size = Number(hours) * 3600 + Number(minutes) * 60;
    return size < 86400 ? Number(`${sign}1`) * size : undefined;
  }
  const hundreds = ZONES[zone.toUpperCase()] ?? (parseInteger(zone) || 0);
  const size = Math.abs(hundreds);
  const seconds = Math.floor(size / 100) * 3600 + (size % 100) * 60;
  return seconds < 86400 ? Math.sign(hundreds) * seconds : undefined;
}
