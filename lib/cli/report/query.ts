import { type Command, InvalidArgumentError, Option } from "commander";
import { log } from "../../log.ts";
import { attribute } from "../../tahoe/attribute.ts";
import type { Attribute } from "../../tahoe/instance.ts";
import type { Fields } from "../../tahoe/value.ts";
import type { AttributeQuery } from "../../tdql/query.ts";
import { newCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { openClient } from "./client.ts";
import { type ExportFormat, isGraphFormat } from "./export/export_answer.ts";
import { writeExport } from "./export/write_export.ts";
import { formatCount, formatRelated } from "./format.ts";
import {
  addAttributeArguments,
  addExportOptions,
  attributeQuestion,
  checkQuestion,
  exportFormat,
  type QuestionFlags,
} from "./question_flags.ts";
import { threatRankCommand } from "./query_threatrank.ts";

export function queryCommand(context: Context): Command {
  return newCommand("query", "ask what the archive knows about an address, a file, an event …", [
    "report query count ipv4 203.0.113.7 --last 30d",
    "report query related ipv4 203.0.113.7 --level 2",
    "report query threatrank ipv4 203.0.113.7 --explain",
  ])
    .addCommand(countCommand(context))
    .addCommand(relatedCommand(context))
    .addCommand(threatRankCommand(context));
}

function countCommand(context: Context): Command {
  return addExportOptions(addAttributeArguments(
    newCommand("count", "count the events that hold an attribute", [
      "report query count ipv4 203.0.113.7",
      'report query count url http://example.com/a --from 2026-01-01 --to "1 Feb 2026"',
      "report query count ipv4 203.0.113.7 --context malicious --now --json | jq .data",
      "report query count ipv4 203.0.113.7 --last 30d --stix > seen.json",
    ]),
  )).action(async (subType: string, text: string, flags: QuestionFlags, command: Command) => {
    const format = exportFormat(flags, command);
    if (isGraphFormat(format)) {
      command.error(`error: a count has no graph: use --${format} with related or threatrank`, {
        exitCode: 2,
      });
    }
    const question = attributeQuestion({ subType, text }, flags, command);
    const asked = attributeOf(checkQuestion("count", question, command));
    const client = await openClient(context, flags);
    const report = await client.ask("count", question);
    if (format !== undefined) {
      const { sub_type: _, data: __, ...filter } = question;
      return writeExport({ qtype: "count", asked, filter, report }, format);
    }
    context.show(report, () => formatCount(report, subType, text));
  });
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
    ]),
  ))
    .addOption(
      new Option("--return-type <type>", "with --no-summary: show instances of this kind only")
        .choices(["all", "attribute", "event", "object", "session"]),
    )
    .option(
      "--level <1-3>",
      "how far to go: each further level continues over sessions",
      parseBigInt,
    )
    .option("--page <number>", "show this page, of ten events", parseBigInt)
    .option("--no-summary", "show whole instances instead of a list of attributes")
    .option("--summary-graph", "show the attributes and how each is connected")
    .action(async (subType: string, text: string, flags: QuestionFlags, command: Command) => {
      const format = exportFormat(flags, command);
      const question = {
        ...attributeQuestion({ subType, text }, flags, command),
        ...relatedFields(flags, format),
      };
      const asked = attributeOf(checkQuestion("related", question, command));
      const client = await openClient(context, flags);
      const report = await client.ask("related", question);
      if (format !== undefined) {
        if (report.next_page > report.current_page) {
          log.info(`There is another page: --page ${report.next_page}`);
        }
        return writeExport({ qtype: "related", asked, report }, format);
      }
      context.show(report, () => formatRelated(report));
    });
}

/** Builds the fields of query data that only `related` has. */
function relatedFields(
  { returnType, level, page, summary, summaryGraph }: QuestionFlags,
  format: ExportFormat | undefined,
): Fields {
  // A graph needs connections, which a plain summary does not have.
  const withPaths = summaryGraph ?? (isGraphFormat(format) && summary !== false);
  return {
    ...(returnType !== undefined && { return_type: returnType }),
    ...(level !== undefined && { level }),
    ...(page !== undefined && { page }),
    ...(summary === false && { summary }),
    ...(withPaths && { summary_graph: true }),
  };
}

function attributeOf({ subType, data }: AttributeQuery): Attribute {
  return attribute(subType, data);
}

function parseBigInt(text: string): bigint {
  if (/^\d{1,15}$/.test(text)) return BigInt(text);
  throw new InvalidArgumentError("Give a whole number.");
}
