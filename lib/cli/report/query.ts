import { type Command, InvalidArgumentError, Option } from "commander";
import { findUser } from "../../identity/user.ts";
import type { Event, Hash } from "../../tahoe/instance.ts";
import { parseJson } from "../../tahoe/json.ts";
import { type Fields, isScalar, type Scalar } from "../../tahoe/value.ts";
import { readQuery } from "../../tdql/query.ts";
import { QueryError } from "../../tdql/query_error.ts";
import { timeRange } from "../../tdql/time_range.ts";
import { newCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { type Ask, askHere, askService } from "./ask.ts";
import { formatCount, formatRank, formatRanks, formatRelated, type Ranked } from "./format.ts";
import { members, textOf } from "./users.ts";

const VERDICTS = ["all", "benign", "malicious", "unknown"];

/** Flags by the names that the query language has for them. */
type Flags = {
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
  readonly summary?: false | true;
  readonly summaryGraph?: true;
  readonly explain?: true;
};

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
  return aboutAttribute(
    newCommand("count", "how many events hold an attribute", [
      "report query count ipv4 203.0.113.7",
      'report query count url http://example.com/a --from 2026-01-01 --to "1 Feb 2026"',
      "report query count ipv4 203.0.113.7 --context malicious --now --json | jq .data",
    ]),
  ).action(async (subType: string, text: string, flags: Flags, command: Command) => {
    const question = attributeQuestion(subType, text, flags, command);
    checkQuestion("count", question, command);
    const report = await (await asker(context, flags))("count", question);
    context.show(report, () => formatCount(report, subType, text));
  });
}

function relatedCommand(context: Context): Command {
  return aboutAttribute(
    newCommand("related", "what an attribute is connected to, newest events first", [
      "report query related ipv4 203.0.113.7",
      "report query related ipv4 203.0.113.7 --level 2 --page 2 --last 30d",
      "report query related domain example.com --no-summary --return-type event --json",
      "report query related domain example.com --summary-graph",
    ]),
  )
    .addOption(
      new Option("--return-type <type>", "with --no-summary: instances of this kind only")
        .choices(["all", "attribute", "event", "object", "session"]),
    )
    .option("--level <1-3>", "how many times to go on, over sessions", wholeNumber)
    .option("--page <number>", "ten events make a page", wholeNumber)
    .option("--no-summary", "whole instances instead of a list of attributes")
    .option("--summary-graph", "the attributes, and how each is connected")
    .action(async (subType: string, text: string, flags: Flags, command: Command) => {
      const { returnType, level, page, summary, summaryGraph } = flags;
      const question = {
        ...attributeQuestion(subType, text, flags, command),
        ...returnType !== undefined && { return_type: returnType },
        ...level !== undefined && { level },
        ...page !== undefined && { page },
        ...summary === false && { summary },
        ...summaryGraph && { summary_graph: true },
      };
      checkQuestion("related", question, command);
      const report = await (await asker(context, flags))("related", question);
      context.show(report, () => formatRelated(report));
    });
}

function threatRankCommand(context: Context): Command {
  const command = newCommand("threatrank", "how malicious an event is: 0 not at all, -1 fully", [
    "report query threatrank ipv4 203.0.113.7              the events it was last seen in",
    "report query threatrank ipv4 203.0.113.7 --explain    and the paths that weigh most",
    "report query threatrank 3f1c…64 hex digits            one event",
  ])
    .argument("<sub_type>", "kind of attribute; or the hash of an event, and nothing behind it")
    .argument("[data]", "the attribute");
  return filters(asking(command))
    .option("--explain", "show the heaviest paths from malicious events")
    .action(async (first: string, text: string | undefined, flags: Flags, command: Command) => {
      const { explain = false } = flags;
      if (text === undefined) {
        const question = { _hash: first };
        checkQuestion("threatrank", question, command);
        const report = await (await asker(context, flags))("threatrank", question);
        return context.show(report, () => formatRank(report, first.toLowerCase(), explain));
      }
      const question = {
        ...attributeQuestion(first, text, flags, command),
        summary: false,
        return_type: "event",
      };
      checkQuestion("related", question, command);
      const ranks = await rankEvents(await asker(context, flags), question);
      context.show(ranks, () => formatRanks(ranks, explain));
    });
}

/** Ranks the events that hold an attribute, newest first: those of one page. */
async function rankEvents(ask: Ask, question: Fields): Promise<Ranked[]> {
  const { data } = await ask("related", question);
  const events = (data as unknown as Event[]).toSorted((a, b) => b.timestamp - a.timestamp);
  const ranks: Ranked[] = [];
  for (const event of events) {
    ranks.push({ event, report: await ask("threatrank", { _hash: event._hash }) });
  }
  return ranks;
}

function aboutAttribute(command: Command): Command {
  command
    .argument("<sub_type>", "asn, body, domain, email_addr, filename, hostname, ipv4, url …")
    .argument("<data>", "the attribute itself");
  return filters(asking(command));
}

function asking(command: Command): Command {
  return command
    .option("-u, --user <email>", "who asks; not needed where there is but one user")
    .option("--now", "answer in this process, without the report service")
    .option("--timeout <seconds>", "how long to wait for the service", seconds, 30);
}

function filters(command: Command): Command {
  return command
    .option("--literal", "data is JSON: a number, true, false, null or a text in quotes")
    .option("--from <time>", "no older events: seconds since 1970, or a date")
    .option("--to <time>", "no newer events; now, if not given")
    .option("--last <span>", "events of the last 10d, 3 hours, 1 month …")
    .option("--tzname <zone>", "time zone of dates without one; UTC, if not given")
    .addOption(new Option("--category <category>", "events judged so").choices(VERDICTS))
    .addOption(
      new Option("--context <context>", "events in which it is seen so").choices(VERDICTS),
    );
}

function attributeQuestion(
  subType: string,
  text: string,
  { literal, from, to, last, tzname, category, context }: Flags,
  command: Command,
): Fields {
  return {
    sub_type: subType,
    data: literal ? readLiteral(text, command) : text,
    ...from !== undefined && { from },
    ...to !== undefined && { to },
    ...last !== undefined && { last },
    ...tzname !== undefined && { tzname },
    ...category !== undefined && { category },
    ...context !== undefined && { context },
  };
}

function readLiteral(text: string, command: Command): Scalar {
  try {
    const value = parseJson(text);
    if (isScalar(value)) return value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  command.error("error: with --literal, give a number, true, false, null or a text in quotes", {
    exitCode: 2,
  });
}

/** Says what is wrong with a question before anybody is asked. */
function checkQuestion(qtype: string, question: Fields, command: Command): void {
  try {
    const query = readQuery(qtype, question);
    if (query.qtype !== "threatrank") timeRange(query.time, Date.now() / 1000);
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    command.error(`error: ${error.message}`, { exitCode: 2 });
  }
}

async function asker(context: Context, { user, now, timeout }: Flags): Promise<Ask> {
  const userid = await useridOf(context, user);
  return now ? await askHere(context, userid) : await askService(context, userid, timeout);
}

async function useridOf(context: Context, email: string | undefined): Promise<Hash> {
  const { identity } = await context.stores("identity");
  if (email !== undefined) {
    const user = await findUser(identity, email);
    if (user === undefined) throw new Error(`No user ${email}: report users list shows all`);
    return user._hash;
  }
  const { users } = await members(identity);
  if (users.length === 1) return users[0]!._hash;
  throw new Error(
    users.length === 0
      ? "There is no user to ask as: report users add you@example.com --org example makes one"
      : `Say who asks with --user: ${
        users.slice(0, 5).map((u) => textOf(u, "email_addr")).join(", ")
      }` +
        (users.length > 5 ? " …" : ""),
  );
}

function wholeNumber(text: string): bigint {
  if (/^\d{1,15}$/.test(text)) return BigInt(text);
  throw new InvalidArgumentError("Give a whole number.");
}

function seconds(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) > 0) return Number(text);
  throw new InvalidArgumentError("Give a whole number of seconds.");
}
