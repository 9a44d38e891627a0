import type { Command } from "commander";
import { errorMessage } from "../../errors.ts";
import { NO_SUCH_EVENT } from "../../tdql/answer.ts";
import type { Fields } from "../../tahoe/value.ts";
import { newCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { askRank, askRanks, RANKED_EVENTS } from "../../answers/ask_answer.ts";
import { findAskedEvent } from "./asked_event.ts";
import type { TypedAttribute } from "./attribute_arguments.ts";
import { openClient } from "./client.ts";
import { writeExport } from "./write_export.ts";
import { formatRank, formatRanks, HASH_START } from "./format.ts";
import { jsonAnswer } from "../../answers/json_answer.ts";
import { noSuchEvent } from "./no_such_event.ts";
import {
  addClientOptions,
  addExportOptions,
  addFilterOptions,
  attributeQuestion,
  checkQuestion,
  exportFormat,
  type QuestionFlags,
} from "./question_flags.ts";
import { warnOfSubType } from "./warn_of_sub_type.ts";
import { wrongUsage } from "./wrong_usage.ts";

export function threatRankCommand(context: Context): Command {
  const command = newCommand(
    "threatrank",
    "rank how malicious an event is: 0 not at all, -1 fully",
    [
      "report query threatrank 203.0.113.7                   the events that last held it",
      "report query threatrank ipv4 203.0.113.7 --explain    and the heaviest paths to them",
      "report query threatrank 3f1c…64 hex digits            the event of this hash",
      "report query threatrank sha256 3f1c…64 hex digits     the events that last held the file",
      "report query threatrank ipv4 203.0.113.7 --csv > ranks.csv",
      "report query threatrank ipv4 203.0.113.7 --html > ranks.html",
      "report query threatrank ipv4 203.0.113.7 --dot | dot -Tsvg > paths.svg",
    ],
  )
    .argument("<sub_type>", "kind of the attribute; or its value alone, or the hash of an event")
    .argument("[data]", "value of the attribute, also defanged")
    .allowExcessArguments();
  return addExportOptions(addFilterOptions(addClientOptions(command)))
    .option("--explain", "show the heaviest paths from malicious events")
    .action(
      (first: string, text: string | undefined, flags: QuestionFlags, command: Command) =>
        text === undefined && /^[0-9a-f]{64}$/i.test(first)
          ? rankEvent(context, first, { flags, command })
          : rankEvents(context, [first, text], { flags, command }),
    );
}

/** Flags that select events, which the hash of an event leaves nothing to do. */
const FILTER_FLAGS = [
  "literal",
  "from",
  "to",
  "last",
  "tzname",
  "category",
  "context",
] as const;

/** What the user typed after the arguments, and the command to report faults with. */
type QueryInput = { readonly flags: QuestionFlags; readonly command: Command };

/** Ranks one event, which is given by its hash. */
async function rankEvent(
  context: Context,
  eventHash: string,
  { flags, command }: QueryInput,
): Promise<void> {
  const format = exportFormat(flags, command);
  const ignored = FILTER_FLAGS.find((name) => flags[name] !== undefined);
  if (ignored !== undefined) {
    wrongUsage(
      command,
      `--${ignored} selects events, but a hash alone is one event: leave it out; ` +
        "for the SHA-256 of a file, give sha256 before it",
    );
  }
  const question = { _hash: eventHash };
  const { hash } = checkQuestion("threatrank", question, command);
  const client = await openClient(context, flags);
  const result = await askRank(client.ask, hash).catch(async (error) => {
    if (!errorMessage(error).includes(NO_SUCH_EVENT)) throw error;
    throw new Error(await noSuchEvent(context, hash, flags.user), { cause: error });
  });
  if (format !== undefined) return writeExport(result, format);
  const event = await findAskedEvent(context, hash);
  const organisations = await client.organisations();
  const explain = flags.explain === true;
  context.show(
    { ...jsonAnswer(result) as Fields, ...(event !== undefined && { event }) },
    () =>
      formatRank(result.ranks[0]!.report, hash, {
        explain,
        organisations,
        ...(event !== undefined && { event }),
      }),
  );
}

/** Ends the program if the only argument is the beginning of a hash, as paths show it on a screen. */
function checkHash([first, second]: TypedAttribute, command: Command): void {
  if (second !== undefined || first.length !== HASH_START || !/^[0-9a-f]+$/i.test(first)) return;
  wrongUsage(
    command,
    `${first} may be the beginning of an event's hash: give all 64 digits, which the question ` +
      "that showed it has with --json; for an attribute, give its sub-type before it",
  );
}

/** Ranks the events that hold an attribute, newest first: those of one page. */
async function rankEvents(
  context: Context,
  typed: TypedAttribute,
  { flags, command }: QueryInput,
): Promise<void> {
  checkHash(typed, command);
  const format = exportFormat(flags, command);
  const question = attributeQuestion(typed, flags, command);
  checkQuestion("related", { ...question, ...RANKED_EVENTS }, command);
  const client = await openClient(context, flags);
  const result = await askRanks(client.ask, question);
  warnOfSubType(result.related);
  if (format !== undefined) {
    return writeExport({ ...result, organisations: await client.organisations() }, format);
  }
  const { ranks, related, details } = result;
  const explain = flags.explain === true;
  const nothing = ranks.length === 0 && details !== undefined;
  context.show(
    nothing ? [details] : jsonAnswer(result),
    () => formatRanks(related, ranks, { explain }),
  );
}
