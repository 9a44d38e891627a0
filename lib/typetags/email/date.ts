const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const FULL_MONTHS = [
  ...["january", "february", "march", "april", "may", "june", "july", "august", "september"],
  ...["october", "november", "december"],
];
const DAYS: ReadonlySet<string> = new Set(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]);

/** Zones by name, RFC 5322, section 4.3, in hours times 100. Any other name counts as UTC. */
const ZONES: { readonly [name: string]: number } = {
  ...{ AST: -400, ADT: -300, EST: -500, EDT: -400, CST: -600, CDT: -500 },
  ...{ MST: -700, MDT: -600, PST: -800, PDT: -700 },
};

/**
 * Seconds since 1970, UTC, of a Date header (RFC 5322, section 3.3). Takes the older forms, too:
 * no day of the week, month before day, year behind the time, `05-Apr-21`, `13.38.21`, two digits
 * for 1969 to 2068. Without a zone, and with `-0000`, it is UTC. Undefined if there is no such time.
 */
export function readDate(header: string): number | undefined {
  const words = dateWords(header);
  if (words.length < 5) return undefined;
  let [day, month, year, time, zone] = words as [string, string, string, string, string];
  if (monthOf(month) === undefined) [day, month] = [month, day];
  if (year.indexOf(":") > 0) [year, time] = [time, year];
  if (!/^\d/.test(year)) [year, zone] = [zone, year];
  const local = localSeconds(
    fullYear(wholeNumber(withoutComma(year))),
    monthOf(month),
    wholeNumber(withoutComma(day)),
    clock(withoutComma(time)),
  );
  const offset = offsetSeconds(zone);
  return local === undefined || offset === undefined ? undefined : local - offset;
}

/** Day, month, year, time and zone, mostly in that order; the day of the week is left out. */
function dateWords(header: string): string[] {
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

function withoutComma(word: string): string {
  return word.endsWith(",") ? word.slice(0, -1) : word;
}

function wholeNumber(word: string): number {
  return /^[-+]?\d+$/.test(word) ? Number(word) : NaN;
}

function monthOf(word: string): number | undefined {
  const name = word.toLowerCase();
  const index = Math.max(MONTHS.indexOf(name), FULL_MONTHS.indexOf(name));
  return index < 0 ? undefined : index;
}

function fullYear(year: number): number {
  if (year >= 100) return year;
  return year > 68 ? year + 1900 : year + 2000;
}

/** Hours, minutes and, if they are given, seconds. */
function clock(word: string): readonly number[] {
  const parts = word.split(word.includes(":") ? ":" : ".").map(wholeNumber);
  return parts.length === 2 ? [...parts, 0] : parts;
}

function localSeconds(
  year: number,
  month: number | undefined,
  day: number,
  [hour = NaN, minute = NaN, second = NaN, ...more]: readonly number[],
): number | undefined {
  if (month === undefined || more.length > 0 || !(year >= 1 && year <= 9999)) return undefined;
  const fits = day >= 1 && day <= new Date(Date.UTC(year, month + 1, 0)).getUTCDate() &&
    hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && second >= 0 && second <= 59;
  return fits ? Date.UTC(year, month, day, hour, minute, second) / 1000 : undefined;
}

/** Undefined if it is a day or more. */
function offsetSeconds(zone: string): number | undefined {
  const hundreds = ZONES[zone.toUpperCase()] ?? (wholeNumber(zone) || 0);
  const size = Math.abs(hundreds);
  const seconds = Math.floor(size / 100) * 3600 + (size % 100) * 60;
  return seconds < 86400 ? Math.sign(hundreds) * seconds : undefined;
}
