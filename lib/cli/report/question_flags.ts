import { type Command, InvalidArgumentError, Option } from "commander";
import { nowSeconds } from "../../clock.ts";
import { parseJson } from "../../tahoe/json.ts";
import { type Fields, isScalar, type Scalar } from "../../tahoe/value.ts";
import { type Query, readQuery, VERDICTS } from "../../tdql/query.ts";
import { QueryError } from "../../tdql/query_error.ts";
import { timeRange } from "../../tdql/time_range.ts";
import { type Format, FORMATS, isGraph } from "./export/export_answer.ts";

/** Flags by the names that the query language has for them. */
export type Flags = {
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
} & { readonly [format in Format]?: true };

/** A command whose question is about an attribute. */
export function aboutAttribute(command: Command): Command {
  command
    .argument("<sub_type>", "asn, body, domain, email_addr, filename, hostname, ipv4, url …")
    .argument("<data>", "the attribute itself");
  return filters(asking(command));
}

/** Adds flags that say who asks whom. */
export function asking(command: Command): Command {
  return command
    .option("-u, --user <email>", "who asks; not needed where there is but one user")
    .option("--now", "answer in this process, without the report service")
    .option("--timeout <seconds>", "how long to wait for the service", seconds, 30);
}

/** Adds flags that choose events. */
export function filters(command: Command): Command {
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

/** Adds flags that write the answer for other programs, one at a time. */
export function exporting(command: Command): Command {
  const formats = Object.keys(FORMATS) as Format[];
  for (const format of formats) {
    const others = formats.filter((other) => other !== format);
    // Graphs have the paths anyway, the other forms no place for them; one kind alone has no links.
    const senseless = isGraph(format) ? ["explain", "returnType"] : ["explain"];
    command.addOption(
      new Option(`--${format}`, FORMATS[format]).conflicts([...others, ...senseless]),
    );
  }
  return command;
}

/** The form that the flags ask for, if they do. */
export function exportFormat(flags: Flags, command: Command): Format | undefined {
  const format = (Object.keys(FORMATS) as Format[]).find((name) => flags[name]);
  if (format !== undefined && command.optsWithGlobals()["json"]) {
    command.error(`error: option '--${format}' cannot be used with option '--json'`, {
      exitCode: 2,
    });
  }
  return format;
}

/** The question that arguments and flags make. */
export function attributeQuestion(
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

/** Reads a question as whoever answers it will; says what is wrong with it before he is asked. */
export function checkQuestion<Name extends Query["qtype"]>(
  qtype: Name,
  question: Fields,
  command: Command,
): Query & { readonly qtype: Name } {
  try {
    const query = readQuery(qtype, question);
    if (query.qtype !== "threatrank") timeRange(query.time, nowSeconds());
    return query as Query & { readonly qtype: Name };
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    command.error(`error: ${error.message}`, { exitCode: 2 });
  }
}

function seconds(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) > 0) return Number(text);
  throw new InvalidArgumentError("Give a whole number of seconds.");
}
