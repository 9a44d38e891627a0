import { type Command, InvalidArgumentError, Option } from "commander";
import { hasOwnForm, NotUnderstood, recogniseSubType } from "../../indicators/meaning.ts";
import { suggestSubType } from "../../indicators/suggest_sub_type.ts";
import { printable } from "../../printable.ts";
import { parseJson } from "../../tahoe/json.ts";
import { isSubType } from "../../tahoe/sub_type.ts";
import { type Fields, isScalar, type Scalar } from "../../tahoe/value.ts";
import { type Query, readQuery, VERDICTS } from "../../tdql/query.ts";
import { QueryError } from "../../tdql/query_error.ts";
import { shellQuoted } from "../shell_quoted.ts";
import { EXPORT_FORMATS, type ExportFormat, isGraphFormat } from "./export/export_answer.ts";
import { addTimeOptions, readTimes } from "./time_flags.ts";
import { wrongUsage } from "./wrong_usage.ts";

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
  command
    .option(
      "--literal",
      "only this attribute; data is JSON: a number, true, null, a quoted string",
    );
  return addTimeOptions(command)
    .addOption(
      new Option("--category <category>", "only events of this category").choices(VERDICTS),
    )
    .addOption(
      new Option("--context <context>", "only events that see the attribute in this context")
        .choices(VERDICTS),
    );
}

/** Every export format. */
export const ALL_FORMATS = Object.keys(EXPORT_FORMATS) as readonly ExportFormat[];

/** The formats of an answer that has no graph. */
export const PLAIN_FORMATS: readonly ExportFormat[] = ALL_FORMATS.filter((format) =>
  !isGraphFormat(format)
);

/**
 * Adds an option for each export format; at most one of them may be given. Those that are not offered
 * are left out of the help, so that the command can say what to do instead.
 */
export function addExportOptions(
  command: Command,
  offered: readonly ExportFormat[] = ALL_FORMATS,
): Command {
  for (const format of ALL_FORMATS) {
    const others = ALL_FORMATS.filter((other) => other !== format);
    // Graphs show the paths anyway, and the other formats have no place for them. Instances of a
    // single kind have no links to each other.
    const useless = isGraphFormat(format) ? ["explain", "returnType"] : ["explain"];
    command.addOption(
      new Option(`--${format}`, EXPORT_FORMATS[format]).conflicts([...others, ...useless])
        .hideHelp(!offered.includes(format)),
    );
  }
  return command;
}

/** Returns the export format that the flags name; undefined if they name none. */
export function exportFormat(flags: QuestionFlags, command: Command): ExportFormat | undefined {
  const format = ALL_FORMATS.find((name) => flags[name]);
  if (format !== undefined && command.optsWithGlobals()["json"]) {
    wrongUsage(command, `option '--${format}' cannot be used with option '--json'`);
  }
  return format;
}

/** Arguments as typed: a value, and before it its sub-type, which may be missing. */
export type TypedAttribute = readonly [first: string, second: string | undefined];

/** Builds the query data of a question about an attribute. */
export function attributeQuestion(
  typed: TypedAttribute,
  { literal, category, context, ...time }: QuestionFlags,
  command: Command,
): Fields {
  const { subType, text } = readTyped(typed, literal === true, command);
  return {
    sub_type: subType,
    data: literal ? readLiteral(text, command) : text,
    match: literal ? "literal" : "equivalent",
    ...readTimes(time, command),
    ...(category !== undefined && { category }),
    ...(context !== undefined && { context }),
  };
}

function readTyped(
  [first, second]: TypedAttribute,
  isLiteral: boolean,
  command: Command,
): { readonly subType: string; readonly text: string } {
  if (second !== undefined) {
    checkSubType(first, second, command);
    return { subType: first, text: second };
  }
  if (hasOwnForm(first)) wrongUsage(command, "missing required argument 'data'");
  if (isLiteral) wrongUsage(command, "with --literal, give the sub-type before the data");
  try {
    return { subType: recogniseSubType(first), text: first };
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error;
    wrongUsage(command, error.message);
  }
}

/** Ends the program with advice if the first of two arguments cannot be a sub-type. */
function checkSubType(first: string, second: string, command: Command): void {
  if (isSubType(first)) return;
  const suggestion = suggestSubType(first);
  if (suggestion !== undefined) {
    wrongUsage(command, `"${printable(first)}" is not a sub-type. Did you mean ${suggestion}?`);
  }
  if (hasOwnForm(second)) {
    wrongUsage(command, `give the sub-type before the value: ${second} ${shellQuoted(first)}`);
  }
  wrongUsage(
    command,
    isValue(first)
      ? "ask for one value at a time, or for all with report lookup"
      : `"${
        printable(first)
      }" cannot be a sub-type: give a name of letters, digits and _, such as ipv4`,
  );
}

function isValue(text: string): boolean {
  try {
    recogniseSubType(text);
    return true;
  } catch (error) {
    if (error instanceof NotUnderstood) return false;
    throw error;
  }
}

function readLiteral(text: string, command: Command): Scalar {
  try {
    const value = parseJson(text);
    if (isScalar(value)) return value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  wrongUsage(command, "with --literal, give a number, true, false, null or a quoted string");
}

/** Reads a question as the program that answers it will, and reports faults before it is asked. */
export function checkQuestion<Name extends Query["qtype"]>(
  qtype: Name,
  question: Fields,
  command: Command,
): Query & { readonly qtype: Name } {
  try {
    return readQuery(qtype, question) as Query & { readonly qtype: Name };
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    const { cause } = error;
    wrongUsage(command, cause instanceof NotUnderstood ? cause.message : error.message);
  }
}

function parseSeconds(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) > 0) return Number(text);
  throw new InvalidArgumentError("Give a whole number of seconds.");
}
