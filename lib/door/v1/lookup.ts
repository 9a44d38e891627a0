import { askRanks, askRelated } from "../../answers/ask_answer.ts";
import { answeredValue, isUnread, type LookupRow, rowFields } from "../../answers/lookup_row.ts";
import { namesByHash, orgsOf } from "../../identity/org.ts";
import { type Meaning, meaning, NotUnderstood } from "../../indicators/meaning.ts";
import type { AttributeName } from "../../tahoe/attribute.ts";
import { isSubType } from "../../tahoe/sub_type.ts";
import type { Fields, Value } from "../../tahoe/value.ts";
import type { AnswerOptions } from "../../tdql/answer.ts";
import { lookUp } from "../../tdql/lookup.ts";
import { checkRange, type TimeRange, timeRange } from "../../tdql/time_range.ts";
import { Refusal } from "../refusal.ts";
import { standardReply } from "./standard_reply.ts";
import { askAs, type Asking } from "./ask.ts";
import { type Parameters, requiredParameter } from "../parameters.ts";
import { possibleKinds } from "../../tdql/possible_kinds.ts";
import { adviceFor, asked, attributeQuestion, readTimes, TIMES } from "./questions.ts";

/** The most values that are looked up at once. */
export const MAX_VALUES = 10_000;

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
  const { rows: [row], range } = await lookUpValues([value], others, options);
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
  { values, ...others }: Fields,
  options: LookupRouteOptions,
): Promise<Response> {
  if (!isTexts(values)) {
    throw new Refusal(400, "Cannot look up: values must be a list of strings");
  }
  if (values.length > MAX_VALUES) {
    throw new Refusal(400, `Cannot look up more than ${MAX_VALUES} values at once`);
  }
  const { rows, range } = await lookUpValues(values, readOptions(others), options);
  return standardReply(200, { rows: rows.map((row) => rowFields(row, range)) });
}

function isTexts(values: Value | undefined): values is readonly string[] {
  return Array.isArray(values) && values.every((value) => typeof value === "string");
}

function readOptions(fields: Fields): Parameters {
  for (const [name, value] of Object.entries(fields)) {
    if (name === "q" || !LOOKUP_PARAMETERS.includes(name) || typeof value !== "string") {
      throw new Refusal(
        400,
        `Cannot look up: beside values there may be sub_type, ${TIMES.join(", ")}, all strings`,
      );
    }
  }
  return fields as Parameters;
}

async function lookUpValues(
  values: readonly string[],
  { sub_type, ...times }: Parameters,
  { user, answers: { graph, identity, now } }: LookupRouteOptions,
): Promise<{ readonly rows: readonly LookupRow[]; readonly range: TimeRange }> {
  if (sub_type !== undefined && !isSubType(sub_type)) {
    throw new Refusal(400, "Cannot look up: sub_type must be a name such as ipv4");
  }
  const orgs = await orgsOf(identity, user._hash);
  const orgids = orgs.map(({ _hash }) => _hash);
  const range = readRange(times, now());
  const filter = { orgids, category: "all", ...range } as const;
  const given = values.map((value) => readValue(value, sub_type));
  const indicators = given.map((each) => "reason" in each ? [] : each.attributes);
  const names = namesByHash(orgs);
  const rows: LookupRow[] = [];
  for await (const chunk of lookUp(indicators, { graph, filter })) {
    for (const answer of chunk) {
      const [value, read] = [values[rows.length]!, given[rows.length]!];
      if (!("reason" in read)) {
        rows.push(answeredValue({ value, asked: read.normal }, answer, names));
        continue;
      }
      const named = values.length > MAX_NAMED ? [] : read.kinds;
      rows.push({ ...read, value, kinds: await possibleKinds(value, named, { graph, filter }) });
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

/** Why a value cannot be read, and the kinds that it may be of, if this is why; what it holds. */
type Unread = {
  readonly reason: string;
  readonly kinds: readonly string[];
  readonly held?: AttributeName;
};

function readValue(value: string, subType: string | undefined): Meaning | Unread {
  if (!value.isWellFormed()) return { reason: "is not Unicode", kinds: [] };
  try {
    return meaning(subType, value.trim());
  } catch (error) {
    if (error instanceof NotUnderstood) {
      const { reason, kinds, held } = error;
      return { reason: adviceFor(reason), kinds, ...(held !== undefined && { held }) };
    }
    throw error;
  }
}
