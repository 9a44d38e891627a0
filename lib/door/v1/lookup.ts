import { askRanks, askRelated } from "../../answers/ask_answer.ts";
import { answeredValue, isUnread, type LookupRow, rowFields } from "../../answers/lookup_row.ts";
import { namesByHash, orgsOf } from "../../identity/org.ts";
import type { GivenValue } from "../../pasted/given_values.ts";
import { isSubType } from "../../tahoe/sub_type.ts";
import type { Fields } from "../../tahoe/value.ts";
import type { AnswerOptions } from "../../tdql/answer.ts";
import { lookUp } from "../../tdql/lookup.ts";
import { checkRange, type TimeRange, timeRange } from "../../tdql/time_range.ts";
import { Refusal } from "../refusal.ts";
import { standardReply } from "./standard_reply.ts";
import { askAs, type Asking } from "./ask.ts";
import { type Parameters, requiredParameter } from "../parameters.ts";
import { possibleKinds } from "../../tdql/possible_kinds.ts";
import { asked, attributeQuestion, readTimes, TIMES } from "./questions.ts";
import { readGiven, readGivenList } from "./read_given.ts";

/** Values up to which it is found out what those of no clear kind may mean. */
const MAX_NAMED = 100;

/** Values in the field `related` of one indicator: those in most of its newest events. */
const TOP_RELATED = 10;

export type LookupRouteOptions = Asking & {
  readonly answers: Pick<AnswerOptions, "graph" | "identity" | "now">;
};

/** Parameters of GET /api/v1/lookup. */
export const LOOKUP_PARAMETERS = ["q", "sub_type", ...TIMES];

/** GET /api/v1/lookup: what is known of one indicator, with what it is related to and its rank. */
export async function lookupOne(
  { q = "", ...others }: Parameters,
  options: LookupRouteOptions,
): Promise<Response> {
  const value = requiredParameter({ q }, "q");
  const { sub_type, ...times } = others;
  checkSubType(sub_type);
  const given = [readGiven(value, sub_type)];
  const { rows: [row], range } = await lookUpGiven(given, times, options);
  if (row === undefined || isUnread(row)) {
    throw new Refusal(400, `Cannot look up q: it ${row?.reason}`);
  }
  const found = row.found.length === 0 ? {} : await findMore({ q, ...others }, options);
  return standardReply(200, { ...rowFields(row, range), ...found });
}

/** What the newest events of an indicator also hold, and the highest of their ranks. */
async function findMore(parameters: Parameters, asking: Asking): Promise<Fields> {
  const ask = askAs(asking);
  const question = attributeQuestion("related", parameters);
  const { report: { details } } = await askRelated(ask, question);
  const { ranks } = await askRanks(ask, question);
  const [highest] = ranks.toSorted((a, b) => Number(a.report.data) - Number(b.report.data));
  const related = (details?.attributes ?? []).filter((each) => !isAsked(each, details!.found))
    .toSorted((a, b) => Number(b["events"]) - Number(a["events"])).slice(0, TOP_RELATED);
  if (highest === undefined) return { related };
  const { report, hash } = highest;
  const evidence = report.evidence?.find(({ _hash }) => _hash === hash);
  return { related, threatrank: report.data, flags: evidence?.flags ?? [] };
}

function isAsked({ sub_type, data }: Fields, found: readonly Fields[]): boolean {
  return found.some((each) => each["sub_type"] === sub_type && each["data"] === data);
}

/** POST /api/v1/lookup: what is known of many, a row for each. */
export async function lookupMany(
  { values, text, ...others }: Fields,
  options: LookupRouteOptions,
): Promise<Response> {
  const { sub_type, ...times } = readOptions(others);
  checkSubType(sub_type);
  const { given, leftOut } = readGivenList({ values, text }, sub_type);
  const { rows, range } = await lookUpGiven(given, times, options);
  return standardReply(200, { rows: rows.map((row) => rowFields(row, range)), ...leftOut });
}

function readOptions(fields: Fields): Parameters {
  for (const [name, value] of Object.entries(fields)) {
    if (name === "q" || !LOOKUP_PARAMETERS.includes(name) || typeof value !== "string") {
      throw new Refusal(
        400,
        `Cannot look up: beside values or text there may be sub_type, ${
          TIMES.join(", ")
        }, all strings`,
      );
    }
  }
  return fields as Parameters;
}

function checkSubType(subType: string | undefined): void {
  if (subType !== undefined && !isSubType(subType)) {
    throw new Refusal(400, "Cannot look up: sub_type must be a name such as ipv4");
  }
}

async function lookUpGiven(
  given: readonly GivenValue[],
  times: Parameters,
  { user, answers: { graph, identity, now } }: LookupRouteOptions,
): Promise<{ readonly rows: readonly LookupRow[]; readonly range: TimeRange }> {
  const orgs = await orgsOf(identity, user._hash);
  const orgids = orgs.map(({ _hash }) => _hash);
  const range = readRange(times, now());
  const filter = { orgids, category: "all", ...range } as const;
  const indicators = given.map((each) => "reason" in each ? [] : each.meaning.attributes);
  const names = namesByHash(orgs);
  const rows: LookupRow[] = [];
  for await (const chunk of lookUp(indicators, { graph, filter })) {
    for (const answer of chunk) {
      const each = given[rows.length]!;
      if (!("reason" in each)) {
        const { value, meaning: { normal: asked } } = each;
        rows.push(answeredValue({ value, asked }, answer, names));
        continue;
      }
      const named = given.length > MAX_NAMED ? [] : each.kinds ?? [];
      const kinds = await possibleKinds(each.value, named, { graph, filter });
      rows.push({ ...each, kinds });
    }
  }
  return { rows, range };
}

function readRange(parameters: Parameters, now: number): TimeRange {
  return asked(() => {
    const times = readTimes(parameters);
    const range = timeRange(times, now);
    checkRange(times, range);
    return { start: range.start || -Infinity, end: range.end || Infinity };
  });
}
