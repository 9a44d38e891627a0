import { type Command, InvalidArgumentError, Option } from "commander";
import { nowSeconds } from "../../clock.ts";
import { hasOwnForm, NotUnderstood, recogniseSubType } from "../../indicators/meaning.ts";
import { parseJson } from "../../tahoe/json.ts";
import { type Fields, isScalar, type Scalar } from "../../tahoe/value.ts";
import { type Query, readQuery, VERDICTS } from "../../tdql/query.ts";
import { QueryError } from "../../tdql/query_error.ts";
import { checkRange, timeRange, type TimeSpec } from "../../tdql/time_range.ts";
import { EXPORT_FORMATS, type ExportFormat, isGraphFormat } from "./export/export_answer.ts";

/** Flags of the query commands. */
export type QuestionFlags = {
  readonly user?: string;
  readonly now?: true;
  readonly timeout: number;
  readonly literal?: true;
  readonly from?: string;
  readonly to?: string;
  readonly last?: string;
  readonly tzname?: string;
  readonly category?: string;
  readonly context?: string;
  readonly returnType?: string;
  readonly level?: bigint;
  readonly page?: bigint;
  readonly summary?: boolean;
  readonly summaryGraph?: true;
  readonly explain?: true;
  readonly by?: string;
} & { readonly [format in ExportFormat]?: true };

/** Adds the arguments and options of a question about an attribute. */
export function addAttributeArguments(command: Command): Command {
  command
    .argument("<sub_type>", "asn, cve, domain, filename, ipv4, md5, url …; or the value alone")
    .argument("[data]", "value of the attribute, also defanged");
  return addFilterOptions(addClientOptions(command));
}

/** Adds the options that say who asks, and how the question is answered. */
export function addClientOptions(command: Command): Command {
  return command
    .option("-u, --user <email>", "ask as this user; not needed if there is only one")
    .option("--now", "answer in this process, without the report service")
    .addOption(
      new Option("--timeout <seconds>", "wait at most this long for the service")
        .argParser(parseSeconds).default(30).conflicts("now"),
    );
}

/** Adds the options that select events, and the one that says how to read the data. */
export function addFilterOptions(command: Command): Command {
  return command
    .option("--literal", "only this attribute; data is JSON: a number, true, null, a quoted string")
    .option("--from <time>", "only events since then: seconds since 1970, or a date")
    .option("--to <time>", "only events until then; until now if not given")
    .option("--last <span>", "only events of the last 10d, 3 hours, 1 month …")
    .option("--tzname <zone>", "time zone of dates that name none; UTC if not given")
    .addOption(
      new Option("--category <category>", "only events of this category").choices(VERDICTS),
    )
    .addOption(
      new Option("--context <context>", "only events that see the attribute in this context")
        .choices(VERDICTS),
    );
}

/** Adds an option for each export format; at most one of them may be given. */
export function addExportOptions(command: Command): Command {
  const formats = Object.keys(EXPORT_FORMATS) as ExportFormat[];
  for (const format of formats) {
    const others = formats.filter((other) => other !== format);
    // Graphs show the paths anyway, and the other formats have no place for them. Instances of a
    // single kind have no links to each other.
    const useless = isGraphFormat(format) ? ["explain", "returnType"] : ["explain"];
    command.addOption(
      new Option(`--${format}`, EXPORT_FORMATS[format]).conflicts([...others, ...useless]),
    );
  }
  return command;
}

/** Returns the export format that the flags name; undefined if they name none. */
export function exportFormat(flags: QuestionFlags, command: Command): ExportFormat | undefined {
  const format = (Object.keys(EXPORT_FORMATS) as ExportFormat[]).find((name) => flags[name]);
  if (format !== undefined && command.optsWithGlobals()["json"]) {
    command.error(`error: option '--${format}' cannot be used with option '--json'`, {
      exitCode: 2,
    });
  }
  return format;
}

/** Arguments as typed: a value, and before it its sub-type, which may be missing. */
export type TypedAttribute = readonly [first: string, second: string | undefined];

/** Builds the query data of a question about an attribute. */
export function attributeQuestion(
  typed: TypedAttribute,
  { literal, from, to, last, tzname, category, context }: QuestionFlags,
  command: Command,
): Fields {
  const { subType, text } = readTyped(typed, literal === true, command);
  return {
    sub_type: subType,
    data: literal ? readLiteral(text, command) : text,
    match: literal ? "literal" : "equivalent",
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(last !== undefined && { last }),
    ...(tzname !== undefined && { tzname }),
    ...(category !== undefined && { category }),
    ...(context !== undefined && { context }),
  };
}

function readTyped(
  [first, second]: TypedAttribute,
  isLiteral: boolean,
  command: Command,
): { readonly subType: string; readonly text: string } {
  if (second !== undefined) return { subType: first, text: second };
  if (hasOwnForm(first)) wrongUsage(command, "missing required argument 'data'");
  if (isLiteral) wrongUsage(command, "with --literal, give the sub-type before the data");
  try {
    return { subType: recogniseSubType(first), text: first };
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error;
    wrongUsage(command, error.message);
  }
}

/** Ends the program with exit code 2. */
export function wrongUsage(command: Command, message: string): never {
  command.error(`error: ${message}`, { exitCode: 2 });
}

function readLiteral(text: string, command: Command): Scalar {
  try {
    const value = parseJson(text);
    if (isScalar(value)) return value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  command.error("error: with --literal, give a number, true, false, null or a quoted string", {
    exitCode: 2,
  });
}

/** Reads a question as the program that answers it will, and reports faults before it is asked. */
export function checkQuestion<Name extends Query["qtype"]>(
  qtype: Name,
  question: Fields,
  command: Command,
): Query & { readonly qtype: Name } {
  try {
    checkTimes(question);
    const query = readQuery(qtype, question);
    return query as Query & { readonly qtype: Name };
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    const { cause } = error;
    wrongUsage(command, cause instanceof NotUnderstood ? cause.message : error.message);
  }
}

/** Checks the times of a question. */
function checkTimes({ from, to, last, tzname }: Fields): void {
  const given = Object.entries({ from, to, last, tzname }).filter(([, text]) => text !== undefined);
  const time = Object.fromEntries(given) as TimeSpec;
  checkRange(time, timeRange(time, nowSeconds()));
}

function parseSeconds(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) > 0) return Number(text);
  throw new InvalidArgumentError("Give a whole number of seconds.");
}
