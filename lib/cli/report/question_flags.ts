import { type Command, InvalidArgumentError, Option } from "commander";
import { NotUnderstood } from "../../indicators/meaning.ts";
import type { Fields } from "../../tahoe/value.ts";
import { type Query, readQuery, VERDICTS } from "../../tdql/query.ts";
import { QueryError } from "../../tdql/query_error.ts";
import { readArguments, type TypedAttribute } from "./attribute_arguments.ts";
import {
  ALL_FORMATS,
  EXPORT_FORMATS,
  type ExportFormat,
  isGraphFormat,
} from "../../answers/export/export_answer.ts";
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
    .argument("[data]", "value of the attribute, also defanged")
    .allowExcessArguments();
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
  if (format === "html" && Deno.stdout.isTerminal()) {
    wrongUsage(
      command,
      "--html writes a page for a browser: send it to a file, with > answer.html",
    );
  }
  return format;
}

/** Builds the query data of a question about an attribute. */
export function attributeQuestion(
  typed: TypedAttribute,
  { literal, category, context, ...time }: QuestionFlags,
  command: Command,
): Fields {
  return {
    ...readArguments(typed, literal === true, command),
    match: literal ? "literal" : "equivalent",
    ...readTimes(time, command),
    ...(category !== undefined && { category }),
    ...(context !== undefined && { context }),
  };
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
