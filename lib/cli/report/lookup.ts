import type { Command } from "commander";
import { nowSeconds } from "../../clock.ts";
import { namesByHash, orgsOf } from "../../identity/org.ts";
import { suggestSubType, usualSubType } from "../../indicators/suggest_sub_type.ts";
import { log } from "../../log.ts";
import { printable } from "../../printable.ts";
import { isSubType } from "../../tahoe/sub_type.ts";
import { timeRange, type TimeSpec } from "../../tdql/time_range.ts";
import { writeText } from "../../write_text.ts";
import { newCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { answerOptions } from "./answer_options.ts";
import { findUserid, warnWithoutOrg } from "./client.ts";
import { answerValues } from "./lookup/answer_values.ts";
import { writeCsvHead, writeCsvRows } from "./lookup/csv_rows.ts";
import type { GivenValue } from "../../pasted/given_values.ts";
import { writeJsonRows } from "./lookup/json_rows.ts";
import { readArguments } from "./lookup/read_arguments.ts";
import { type CountedRange, isUnread, type LookupRow } from "../../answers/lookup_row.ts";
import { summaryText } from "./lookup/summary.ts";
import { formatRows } from "./lookup/table_rows.ts";
import { commandMemory } from "./rank_memory.ts";
import { addTimeOptions, readTimes } from "./time_flags.ts";
import { wrongUsage } from "./wrong_usage.ts";

type LookupFlags = {
  readonly user?: string;
  readonly subType?: string;
  readonly from?: string;
  readonly to?: string;
  readonly last?: string;
  readonly tzname?: string;
  readonly rank?: true;
  readonly csv?: true;
};

const EXPLANATION = `
Each value has a row, in the order of the input; repeated values are skipped. An event
counts once, even if it holds the value in several attributes. "malicious", "benign" and
"unknown" count the events of that category. A value that no event holds has 0 events.
A value that cannot be read has a reason, and the exit code is 1. With --json, each row
is a JSON object on a line of its own. This process answers, not the report service.`;

export function lookupCommand(context: Context): Command {
  const command = newCommand("lookup", "look up many indicators in one go", [
    "report lookup 203.0.113.7 hxxp://example[.]com/a 44d88612fea8a8f36de82e1278abb02f",
    "report lookup indicators.csv --last 30d --csv > seen.csv",
    "report lookup advisory.txt --rank",
    "report lookup names.txt --sub-type filename",
    "pbpaste | report lookup - --json | jq 'select(.malicious > 0)'",
  ])
    .argument("<what...>", "values, files (lists, tables, JSON or any text), or - for stdin")
    .option("-u, --user <email>", "ask as this user; not needed if there is only one")
    .option("--sub-type <sub_type>", "all values, or lines of a file, are of this kind");
  return addTimeOptions(command)
    .option("--rank", "add the highest ThreatRank of the ten newest events; takes longer")
    .option("--csv", "write CSV, for spreadsheets")
    .addHelpText("after", EXPLANATION)
    .action((args: readonly string[], flags: LookupFlags, command: Command) =>
      lookUpArguments(context, args, { flags, command })
    );
}

type Call = { readonly flags: LookupFlags; readonly command: Command };

async function lookUpArguments(
  context: Context,
  args: readonly string[],
  { flags, command }: Call,
): Promise<void> {
  const isJson = command.optsWithGlobals()["json"] === true;
  if (isJson && flags.csv) {
    wrongUsage(command, "option '--csv' cannot be used with option '--json'");
  }
  checkSubType(flags.subType, command);
  const range = readRange(flags, command);
  const { values, skipped, unreadColumns = [] } = await readArguments(args, flags.subType);
  if (unreadColumns.length > 0) {
    const names = unreadColumns.map((name) => printable(name)).join(", ");
    log.info(`Columns without indicators were not read: ${names}`);
  }
  if (values.length === 0) {
    throw new Error("Cannot look anything up: there is no indicator in the input");
  }
  const rows: LookupRow[] = [];
  if (flags.csv) writeText(Deno.stdout, writeCsvHead());
  for await (const chunk of answers(context, values, { flags, range })) {
    if (flags.csv) writeText(Deno.stdout, writeCsvRows(chunk, range));
    else if (isJson) writeText(Deno.stdout, writeJsonRows(chunk, range));
    for (const row of chunk) rows.push(row);
  }
  const summary = summaryText(rows, { range, skipped });
  if (flags.csv || isJson) writeText(Deno.stderr, `${summary}\n`);
  else {
    const text = formatRows(rows, { isRanked: flags.rank === true });
    context.show(rows, () => `${text}\n\n${summary}`);
  }
  if (rows.some(isUnread)) context.fail();
}

function checkSubType(subType: string | undefined, command: Command): void {
  if (subType === undefined) return;
  const suggestion = suggestSubType(subType);
  const advice = suggestion === undefined ? "" : `. Did you mean ${suggestion}?`;
  if (!isSubType(subType)) {
    wrongUsage(
      command,
      `--sub-type must be a name of letters, digits and _, such as filename${advice}`,
    );
  }
  const usual = usualSubType(subType);
  if (usual !== subType) log.info(`--sub-type ${subType} is taken for ${usual}, as it is stored`);
  else if (advice !== "") log.warn(`--sub-type ${subType} is not one that importers use${advice}`);
}

/** Reads the time range; a bound of exactly 0 counts as no bound, as it does in queries. */
function readRange({ from, to, last, tzname }: LookupFlags, command: Command): CountedRange {
  const given: TimeSpec = {
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(last !== undefined && { last }),
    ...(tzname !== undefined && { tzname }),
  };
  const { start, end } = timeRange(readTimes(given, command), nowSeconds());
  const isAllTime = from === undefined && to === undefined && last === undefined;
  return { start: start || -Infinity, end: end || Infinity, isAllTime };
}

/** Opens the stores and answers in this process. */
async function* answers(
  context: Context,
  values: readonly GivenValue[],
  { flags, range: { start, end } }: {
    readonly flags: LookupFlags;
    readonly range: CountedRange;
  },
): AsyncIterable<readonly LookupRow[]> {
  const stores = await context.stores("graph", "edges", "identity");
  const userid = await findUserid(context, flags.user);
  const orgs = await orgsOf(stores.identity, userid);
  const orgids = orgs.map(({ _hash }) => _hash);
  await warnWithoutOrg(stores.identity, { userid, orgids });
  const config = await context.config();
  const memory = commandMemory(stores, config);
  const { graph, edges, decay, limits, now } = answerOptions(stores, config);
  yield* answerValues(values, {
    graph,
    orgnames: namesByHash(orgs),
    filter: { orgids, category: "all", start, end },
    ...(flags.rank && { rank: { edges, ...(memory && { memory }), decay, limits, now: now() } }),
  });
}
