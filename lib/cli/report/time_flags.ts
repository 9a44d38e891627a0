import { type Command, Option } from "commander";
import { nowSeconds } from "../../clock.ts";
import { QueryError } from "../../tdql/query_error.ts";
import { checkRange, timeRange, type TimeSpec } from "../../tdql/time_range.ts";
import { readTypedTimes } from "../../tdql/typed_times.ts";
import { wrongUsage } from "./wrong_usage.ts";

/** Adds the options that set the time range of a question. */
export function addTimeOptions(command: Command): Command {
  return command
    .option("--from <time>", "only events since then: seconds since 1970, or a date")
    .option(
      "--to <time>",
      "only events until then, with all of that second, minute or day; until now if not given",
    )
    .addOption(
      new Option("--last <span>", "only events of the last 10d, 3 hours, 1 month …")
        .conflicts(["from", "to"]),
    )
    .option("--tzname <zone>", "time zone of dates that name none; UTC if not given");
}

/**
 * Reads the options of {@link addTimeOptions}. Ends the program where they cannot be read, or may mean
 * two things.
 */
export function readTimes({ from, to, last, tzname }: TimeSpec, command: Command): TimeSpec {
  try {
    const time = readTypedTimes(
      {
        ...(from !== undefined && { from }),
        ...(to !== undefined && { to }),
        ...(last !== undefined && { last }),
        ...(tzname !== undefined && { tzname }),
      },
      optionName,
    );
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
