import { type Command, InvalidArgumentError, Option } from "commander";
import { log } from "../../log.ts";
import { attribute } from "../../tahoe/attribute.ts";
import type { Attribute, Event } from "../../tahoe/instance.ts";
import type { Fields } from "../../tahoe/value.ts";
import type { AttributeQuery } from "../../tdql/query.ts";
import { writeText } from "../../write_text.ts";
import { newCommand } from "../command.ts";
import type { Context } from "../context.ts";
import type { Answered, RankedEvent } from "./answered.ts";
import { type Client, openClient } from "./client.ts";
import { exportAnswer, type Format, isGraph } from "./export/export_answer.ts";
import { formatCount, formatRank, formatRanks, formatRelated } from "./format.ts";
import {
  aboutAttribute,
  asking,
  attributeQuestion,
  checkQuestion,
  exportFormat,
  exporting,
  filters,
  type Flags,
} from "./question_flags.ts";

export function queryCommand(context: Context): Command {
  return newCommand("query", "ask what the archive knows of an address, a file, an event …", [
    "report query count ipv4 203.0.113.7 --last 30d",
    "report query related ipv4 203.0.113.7 --level 2",
    "report query threatrank ipv4 203.0.113.7 --explain",
  ])
    .addCommand(countCommand(context))
    .addCommand(relatedCommand(context))
    .addCommand(threatRankCommand(context));
}

function countCommand(context: Context): Command {
  return exporting(aboutAttribute(
    newCommand("count", "how many events hold an attribute", [
      "report query count ipv4 203.0.113.7",
      'report query count url http://example.com/a --from 2026-01-01 --to "1 Feb 2026"',
      "report query count ipv4 203.0.113.7 --context malicious --now --json | jq .data",
      "report query count ipv4 203.0.113.7 --last 30d --stix > seen.json",
    ]),
  )).action(async (subType: string, text: string, flags: Flags, command: Command) => {
    const format = exportFormat(flags, command);
    if (isGraph(format)) {
      command.error(`error: a count is no graph: --${format} is for related and threatrank`, {
        exitCode: 2,
      });
    }
    const question = attributeQuestion(subType, text, flags, command);
    const asked = attributeOf(checkQuestion("count", question, command));
    const report = await (await openClient(context, flags))("count", question);
    if (format !== undefined) {
      const { sub_type: _, data: __, ...chosen } = question;
      return write({ qtype: "count", asked, chosen, report }, format);
    }
    context.show(report, () => formatCount(report, subType, text));
  });
}

function relatedCommand(context: Context): Command {
  return exporting(aboutAttribute(
    newCommand("related", "what an attribute is connected to, newest events first", [
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
      new Option("--return-type <type>", "with --no-summary: instances of this kind only")
        .choices(["all", "attribute", "event", "object", "session"]),
    )
    .option("--level <1-3>", "how many times to go on, over sessions", wholeNumber)
    .option("--page <number>", "ten events make a page", wholeNumber)
    .option("--no-summary", "whole instances instead of a list of attributes")
    .option("--summary-graph", "the attributes, and how each is connected")
    .action(async (subType: string, text: string, flags: Flags, command: Command) => {
      const format = exportFormat(flags, command);
      const { returnType, level, page, summary } = flags;
      // A summary alone says nothing of connections, which is what a graph is for.
      const summaryGraph = flags.summaryGraph ?? (isGraph(format) && summary !== false);
      const question = {
        ...attributeQuestion(subType, text, flags, command),
        ...returnType !== undefined && { return_type: returnType },
        ...level !== undefined && { level },
        ...page !== undefined && { page },
        ...summary === false && { summary },
        ...summaryGraph && { summary_graph: true },
      };
      const asked = attributeOf(checkQuestion("related", question, command));
      const report = await (await openClient(context, flags))("related", question);
      if (format !== undefined) {
        if (report.next_page > report.current_page) {
          log.info("There is more: give --page", { page: report.next_page });
        }
        return write({ qtype: "related", asked, report }, format);
      }
      context.show(report, () => formatRelated(report));
    });
}

function threatRankCommand(context: Context): Command {
  const command = newCommand("threatrank", "how malicious an event is: 0 not at all, -1 fully", [
    "report query threatrank ipv4 203.0.113.7              the events it was last seen in",
    "report query threatrank ipv4 203.0.113.7 --explain    and the paths that weigh most",
    "report query threatrank 3f1c…64 hex digits            one event",
    "report query threatrank ipv4 203.0.113.7 --csv > ranks.csv",
    "report query threatrank ipv4 203.0.113.7 --dot | dot -Tsvg > paths.svg",
  ])
    .argument("<sub_type>", "kind of attribute; or the hash of an event, and nothing behind it")
    .argument("[data]", "the attribute");
  return exporting(filters(asking(command)))
    .option("--explain", "show the heaviest paths from malicious events")
    .action(async (first: string, text: string | undefined, flags: Flags, command: Command) => {
      const format = exportFormat(flags, command);
      const { explain = false } = flags;
      if (text === undefined) {
        const question = { _hash: first };
        const { hash } = checkQuestion("threatrank", question, command);
        const report = await (await openClient(context, flags))("threatrank", question);
        if (format !== undefined) {
          return write({ qtype: "threatrank", ranks: [{ hash, report }] }, format);
        }
        return context.show(report, () => formatRank(report, hash, explain));
      }
      const question = {
        ...attributeQuestion(first, text, flags, command),
        summary: false,
        return_type: "event",
      };
      checkQuestion("related", question, command);
      const ranks = await rankEvents(await openClient(context, flags), question);
      if (format !== undefined) {
        const hashed = ranks.map((ranked) => ({ hash: ranked.event._hash, ...ranked }));
        return write({ qtype: "threatrank", ranks: hashed }, format);
      }
      context.show(ranks, () => formatRanks(ranks, explain));
    });
}

/** Ranks the events that hold an attribute, newest first: those of one page. */
async function rankEvents(ask: Client, question: Fields): Promise<RankedEvent[]> {
  const { data } = await ask("related", question);
  const events = (data as unknown as Event[]).toSorted((a, b) => b.timestamp - a.timestamp);
  const ranks: RankedEvent[] = [];
  for (const event of events) {
    ranks.push({ event, report: await ask("threatrank", { _hash: event._hash }) });
  }
  return ranks;
}

function attributeOf({ subType, data }: AttributeQuery): Attribute {
  return attribute(subType, data);
}

function write(answered: Answered, format: Format): void {
  writeText(Deno.stdout, exportAnswer(answered, format));
}

function wholeNumber(text: string): bigint {
  if (/^\d{1,15}$/.test(text)) return BigInt(text);
  throw new InvalidArgumentError("Give a whole number.");
}
