import type { Command } from "commander";
import type { Event } from "../../tahoe/instance.ts";
import type { Fields } from "../../tahoe/value.ts";
import { newCommand } from "../command.ts";
import type { Context } from "../context.ts";
import type { RankedEvent } from "./answer_content.ts";
import { type Client, openClient } from "./client.ts";
import { writeExport } from "./export/write_export.ts";
import { formatRank, formatRanks } from "./format.ts";
import {
  addClientOptions,
  addExportOptions,
  addFilterOptions,
  attributeQuestion,
  checkQuestion,
  exportFormat,
  type QuestionFlags,
} from "./question_flags.ts";

export function threatRankCommand(context: Context): Command {
  const command = newCommand(
    "threatrank",
    "rank how malicious an event is: 0 not at all, -1 fully",
    [
      "report query threatrank ipv4 203.0.113.7              the events that last held it",
      "report query threatrank ipv4 203.0.113.7 --explain    and the heaviest paths to them",
      "report query threatrank 3f1c…64 hex digits            one event",
      "report query threatrank ipv4 203.0.113.7 --csv > ranks.csv",
      "report query threatrank ipv4 203.0.113.7 --dot | dot -Tsvg > paths.svg",
    ],
  )
    .argument("<sub_type>", "kind of the attribute; or only the hash of an event")
    .argument("[data]", "value of the attribute");
  return addExportOptions(addFilterOptions(addClientOptions(command)))
    .option("--explain", "show the heaviest paths from malicious events")
    .action(
      (first: string, text: string | undefined, flags: QuestionFlags, command: Command) =>
        text === undefined
          ? rankEvent(context, first, { flags, command })
          : rankEvents(context, { subType: first, text }, { flags, command }),
    );
}

/** What the user typed after the arguments, and the command to report faults with. */
type QueryInput = { readonly flags: QuestionFlags; readonly command: Command };

/** Ranks one event, which is given by its hash. */
async function rankEvent(
  context: Context,
  eventHash: string,
  { flags, command }: QueryInput,
): Promise<void> {
  const format = exportFormat(flags, command);
  const question = { _hash: eventHash };
  const { hash } = checkQuestion("threatrank", question, command);
  const client = await openClient(context, flags);
  const report = await client.ask("threatrank", question);
  if (format !== undefined) {
    return writeExport({ qtype: "threatrank", ranks: [{ hash, report }] }, format);
  }
  context.show(report, () => formatRank(report, hash, { explain: flags.explain === true }));
}

/** Ranks the events that hold an attribute, newest first: those of one page. */
async function rankEvents(
  context: Context,
  asked: { readonly subType: string; readonly text: string },
  { flags, command }: QueryInput,
): Promise<void> {
  const format = exportFormat(flags, command);
  const question = {
    ...attributeQuestion(asked, flags, command),
    summary: false,
    return_type: "event",
  };
  checkQuestion("related", question, command);
  const ranks = await askRanks(await openClient(context, flags), question);
  if (format !== undefined) {
    const hashed = ranks.map((ranked) => ({ hash: ranked.event._hash, ...ranked }));
    return writeExport({ qtype: "threatrank", ranks: hashed }, format);
  }
  context.show(ranks, () => formatRanks(ranks, { explain: flags.explain === true }));
}

async function askRanks(client: Client, question: Fields): Promise<RankedEvent[]> {
  const { data } = await client.ask("related", question);
  const events = (data as unknown as Event[]).toSorted((a, b) => b.timestamp - a.timestamp);
  const ranks: RankedEvent[] = [];
  for (const event of events) {
    ranks.push({ event, report: await client.ask("threatrank", { _hash: event._hash }) });
  }
  return ranks;
}
