import { type Command, Option } from "commander";
import { nowSeconds } from "../../clock.ts";
import { parseDate } from "../../tdql/parse_date.ts";
import { QueryError } from "../../tdql/query_error.ts";
import { checkRange, timeRange, type TimeSpec, timeZoneOf } from "../../tdql/time_range.ts";
import { wrongUsage } from "./wrong_usage.ts";

/** Adds the options that set the time range of a question. */
export function addTimeOptions(command: Command): Command {
  return command
    .option("--from <time>", "only events since then: seconds since 1970, or a date")
    .option(
      "--to <time>",
      "only events until then, with all of that second or day; until now if not given",
    )
    .addOption(
      new Option("--last <span>", "only events of the last 10d, 3 hours, 1 month …")
        .conflicts(["from", "to"]),
    )
    .option("--tzname <zone>", "time zone of dates that name none; UTC if not given");
}

/**
 * Reads the options of {@link addTimeOptions}: the day or second of `--to` ends with its last
 * microsecond, which query data must say. Ends the program where they cannot be read, or may mean two things.
 */
export function readTimes({ from, to, last, tzname }: TimeSpec, command: Command): TimeSpec {
  try {
    const zone = timeZoneOf({ ...(tzname !== undefined && { tzname }) }, optionName);
    for (const [option, text] of [["--from", from], ["--to", to]] as const) {
      const doubt = text === undefined ? undefined : doubtOf(text.trim());
      if (doubt !== undefined) wrongUsage(command, `${option} ${doubt}`);
    }
    const time: TimeSpec = {
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to: endOf(to, zone) }),
      ...(last !== undefined && { last }),
      ...(tzname !== undefined && { tzname }),
    };
    checkRange(time, timeRange(time, nowSeconds(), optionName), optionName);
    return time;
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    wrongUsage(command, error.message);
  }
}

function optionName(field: keyof TimeSpec): string {
  return `--${field}`;
}

/** The last moment of a date without a time, or of a time to the second; other text as it stands. */
function endOf(text: string, zone: string): string {
  const trimmed = text.trim();
  const ends = [
    `${trimmed} 23:59:59.999999`,
    trimmed.replace(/^([0-9]+$|.*[0-9]:[0-9]{2}:[0-9]{2}(?![0-9.,:]))/, "$1.999999"),
  ];
  return ends.find((end) => end !== trimmed && parseDate(end, zone) !== undefined) ?? text;
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
