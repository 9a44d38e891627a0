import { type Command, InvalidArgumentError, Option } from "commander";
import { log } from "../../log.ts";
import type { Fields } from "../../tahoe/value.ts";
import { INTERVALS } from "../../tdql/query.ts";
import { newCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { askCount, askRelated } from "../../answers/ask_answer.ts";
import { openClient } from "./client.ts";
import {
  type ExportFormat,
  isGraphFormat,
  PLAIN_FORMATS,
} from "../../answers/export/export_answer.ts";
import { writeExport } from "./write_export.ts";
import { formatCount, formatRelated, missingPage } from "./format.ts";
import { jsonAnswer } from "../../answers/json_answer.ts";
import {
  addAttributeArguments,
  addExportOptions,
  attributeQuestion,
  checkQuestion,
  exportFormat,
  type QuestionFlags,
} from "./question_flags.ts";
import { threatRankCommand } from "./query_threatrank.ts";
import { warnOfSubType } from "./warn_of_sub_type.ts";
import { wrongUsage } from "./wrong_usage.ts";

export function queryCommand(context: Context): Command {
  return newCommand("query", "ask what the archive knows about an address, a file, an event …", [
    "report query count 203.0.113[.]7",
    "report query count ipv4 203.0.113.7 --last 30d",
    "report query related ipv4 203.0.113.7 --level 2",
    "report query threatrank ipv4 203.0.113.7 --explain",
  ])
    .addCommand(countCommand(context))
    .addCommand(relatedCommand(context))
    .addCommand(threatRankCommand(context));
}

function countCommand(context: Context): Command {
  return addExportOptions(
    addAttributeArguments(
      newCommand("count", "count the events that hold an attribute", [
        "report query count 203.0.113.7",
        "report query count ipv4 203.0.113.7 --last 30d --by day --tzname Europe/Berlin",
        'report query count url http://example.com/a --from 2026-01-01 --to "1 Feb 2026"',
        "report query count ipv4 203.0.113.7 --context malicious --now --json | jq .data",
        "report query count ipv4 203.0.113.7 --last 30d --stix > seen.json",
        "report query count 203.0.113.7 --html > seen.html",
      ]),
    ),
    PLAIN_FORMATS,
  ).addOption(
    new Option("--by <interval>", "also count the events of each hour, day, week or month")
      .choices(INTERVALS).conflicts("stix"),
  ).action(
    async (first: string, second: string | undefined, flags: QuestionFlags, command: Command) => {
      const format = exportFormat(flags, command);
      if (isGraphFormat(format)) {
        wrongUsage(command, `a count has no graph: use --${format} with related or threatrank`);
      }
      const { by } = flags;
      const question = {
        ...attributeQuestion([first, second], flags, command),
        ...(by !== undefined && { by }),
      };
      checkQuestion("count", question, command);
      const { ask } = await openClient(context, flags);
      const result = await askCount(ask, question, { withHistogram: format === "html" });
      warnOfSubType(result.report);
      if (format !== undefined) return writeExport(result, format);
      context.show(jsonAnswer(result), () => formatCount(result.report, result.asked));
    },
  );
}

function relatedCommand(context: Context): Command {
  return addExportOptions(addAttributeArguments(
    newCommand("related", "show what an attribute is connected to, newest events first", [
      "report query related ipv4 203.0.113.7",
      "report query related ipv4 203.0.113.7 --level 2 --page 2 --last 30d",
      "report query related domain example.com --no-summary --return-type event --json",
      "report query related domain example.com --summary-graph",
      "report query related domain example.com --stix > related.json",
      "report query related domain example.com --dot | dot -Tsvg > related.svg",
      "report query related domain example.com --no-summary --gexf > events.gexf",
      "report query related domain example.com --html > related.html",
    ]),
  ))
    .addOption(
      new Option("--return-type <type>", "with --no-summary: show instances of this kind only")
        .choices(["all", "attribute", "event", "object", "session"]),
    )
    .option(
      "--level <1-3>",
      "how far to go: each further level continues over sessions",
      wholeNumber({ least: 1n, most: 3n }),
    )
    .option(
      "--page <number>",
      "show this page, of ten events; exit code 1 if there is no such page",
      wholeNumber({ least: 1n, most: BigInt(Number.MAX_SAFE_INTEGER) }),
    )
    .option("--no-summary", "show whole instances instead of a list of attributes")
    .option("--summary-graph", "show the attributes and how each is connected")
    .action(
      async (first: string, second: string | undefined, flags: QuestionFlags, command: Command) => {
        const format = exportFormat(flags, command);
        if (flags.returnType !== undefined && flags.summary !== false) {
          wrongUsage(command, "--return-type selects instances: give --no-summary, too");
        }
        if (flags.summaryGraph && flags.summary === false) {
          wrongUsage(command, "--summary-graph is a summary: leave out --no-summary");
        }
        const question = {
          ...attributeQuestion([first, second], flags, command),
          ...relatedFields(flags, format),
        };
        checkQuestion("related", question, command);
        const client = await openClient(context, flags);
        const result = await askRelated(client.ask, question);
        const { report } = result;
        warnOfSubType(report);
        const missing = missingPage(report);
        if (missing !== undefined) {
          context.fail();
          if (format !== undefined || command.optsWithGlobals()["json"]) log.error(missing);
        }
        if (format !== undefined) {
          if (report.next_page > report.current_page) {
            log.info(`There is another page: --page ${report.next_page}`);
          }
          const organisations = await client.organisations();
          return writeExport({ ...result, organisations }, format);
        }
        context.show(jsonAnswer(result), () => formatRelated(report));
      },
    );
}

/** Builds the fields of query data that only `related` has. */
function relatedFields(
  { returnType, level, page, summary, summaryGraph }: QuestionFlags,
  format: ExportFormat | undefined,
): Fields {
  // A graph needs connections, which a plain summary does not have.
  const drawn = isGraphFormat(format) || format === "html";
  const withPaths = summaryGraph ?? (drawn && summary !== false);
  return {
    ...(returnType !== undefined && { return_type: returnType }),
    ...(level !== undefined && { level }),
    ...(page !== undefined && { page }),
    ...(summary === false && { summary }),
    ...(withPaths && { summary_graph: true }),
  };
}

type Bounds = { readonly least: bigint; readonly most: bigint };

/** Makes a parser of whole numbers in a range. */
function wholeNumber({ least, most }: Bounds): (text: string) => bigint {
  return (text) => {
    const number = /^\d{1,16}$/.test(text) ? BigInt(text) : -1n;
    if (number >= least && number <= most) return number;
    throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
  };
}
