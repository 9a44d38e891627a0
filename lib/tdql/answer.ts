import { StoreUnavailable } from "../errors.ts";
import { AnswerTooLarge, MAX_ANSWER } from "../graph/answer_too_large.ts";
import { count } from "../graph/count.ts";
import type { Edges } from "../graph/edges.ts";
import type { EventFilter, Graph } from "../graph/graph.ts";
import { Budget } from "../graph/budget.ts";
import { related } from "../graph/related.ts";
import { type ThreatPath, threatRank, type ThreatRankLimits } from "../graph/threatrank.ts";
import { orgsOf } from "../identity/org.ts";
import { findUserByHash } from "../identity/user.ts";
import { bsonSize } from "../tahoe/bson.ts";
import type { Evidence, Hash, Report, TahoeObject } from "../tahoe/instance.ts";
import type { InstanceStore } from "../tahoe/instances.ts";
import { report, type ReportOptions } from "../tahoe/report.ts";
import { isSubType } from "../tahoe/sub_type.ts";
import type { Fields, Value } from "../tahoe/value.ts";
import type { AttributeQuery, Query } from "./query.ts";
import { QueryError } from "./query_error.ts";
import { type EnvelopeOptions, readQuestion } from "./question.ts";
import { readTdql } from "./tdql.ts";
import { timeRange } from "./time_range.ts";

export type AnswerOptions = {
  readonly graph: Graph;
  readonly edges: Edges;
  readonly identity: InstanceStore;
  /** ThreatRank's: what a day takes from an event's weight, and how much work it may be. */
  readonly decay: number;
  readonly limits: ThreatRankLimits;
  /** Seconds since 1970. */
  readonly now: () => number;
};

/** What became of a question. */
export type Answer = {
  readonly status: "ready" | "failed";
  readonly report: Report;
  /** Why it failed, for the log: the report says no more than the one who asked may know. */
  readonly error?: unknown;
};

type AnswerData = {
  readonly data: Value;
  readonly currentPage?: bigint;
  readonly nextPage?: bigint;
  readonly evidence?: Evidence;
};

/**
 * Answers a query with what its user may see. Whatever is wrong with it, there is a report that says
 * so. Throws StoreUnavailable if a database is away.
 */
export async function answer(
  query: TahoeObject,
  options: AnswerOptions & EnvelopeOptions,
): Promise<Answer> {
  try {
    const tdql = readTdql(query);
    const [question, asker] = await Promise.all([
      readQuestion(tdql, options),
      findAsker(tdql.userid, options.identity),
    ]);
    return { status: "ready", report: await answerQuestion(question, asker, options) };
  } catch (error) {
    if (error instanceof StoreUnavailable) throw error;
    return failure(query, error, options.now());
  }
}

/**
 * Answers what somebody asks.
 *
 * @throws {QueryError} if the question cannot be answered.
 * @throws {AnswerTooLarge} if no report can hold the answer.
 */
export async function answerQuestion(
  question: Query,
  { userid, orgids }: Asker,
  options: AnswerOptions,
): Promise<Report> {
  const { data, ...rest } = await find(question, orgids, options);
  return sized(question.qtype, data, { userid, timestamp: options.now(), ...rest });
}

/** The failed report that an error makes of a query. */
export function failure({ data }: TahoeObject, error: unknown, timestamp: number): Answer {
  const text = (name: string) => {
    const value = data[name]?.[0];
    return typeof value === "string" && value.isWellFormed() ? value : "";
  };
  const qtype = isSubType(text("qtype")) ? text("qtype") : "invalid";
  const options = { userid: text("userid"), timestamp };
  return { status: "failed", report: report(qtype, messageOf(error), options), error };
}

function messageOf(error: unknown): string {
  if (error instanceof QueryError) return `${error.kind}: ${error.message}`;
  if (error instanceof AnswerTooLarge) return `InvalidParameterValue: ${error.message}`;
  return "ServerError: the report could not be made; the log of the report program says why";
}

/** Who asks, and whose events are shown to him. */
export type Asker = { readonly userid: Hash; readonly orgids: readonly Hash[] };

/** @throws {QueryError} InvalidUserError if there is no such user. */
export async function findAsker(userid: Hash, identity: InstanceStore): Promise<Asker> {
  const [user, orgs] = await Promise.all([
    findUserByHash(identity, userid),
    orgsOf(identity, userid),
  ]);
  if (user === undefined) {
    throw new QueryError("InvalidUserError", "User does not exist in identity db!");
  }
  return { userid, orgids: orgs.map((org) => org._hash) };
}

async function find(
  query: Query,
  orgids: readonly Hash[],
  options: AnswerOptions,
): Promise<AnswerData> {
  const now = options.now();
  switch (query.qtype) {
    case "count":
      return { data: await count(options.graph, query, filterOf(query, orgids, now)) };
    case "related":
      return await related(
        options.graph,
        query,
        filterOf(query, orgids, now),
        query,
        new Budget(options.limits.deadline),
      );
    case "threatrank":
      return await rank(query.hash, orgids, now, options);
  }
}

/** A bound of exactly 0 is none. */
function filterOf(
  { time, category }: AttributeQuery,
  orgids: readonly Hash[],
  now: number,
): EventFilter {
  const { start, end } = timeRange(time, now);
  return { orgids, category, start: start || -Infinity, end: end || Infinity };
}

async function rank(
  hash: Hash,
  orgids: readonly Hash[],
  now: number,
  { edges, decay, limits }: AnswerOptions,
): Promise<AnswerData> {
  const found = await threatRank(edges, hash, { orgids, now, decay, limits });
  if (found === undefined) {
    throw new QueryError("InvalidParameterValue", "_hash is no event that you may see");
  }
  const { rank: data, flags, bounds, paths } = found;
  // Most events have neither: their reports, of rank 0 or -1, are the same.
  if (flags.length === 0 && paths.length === 0) return { data };
  const fields = { flags, ...bounds && { bounds }, paths: paths.map(toFields) };
  return { data, evidence: { _hash: hash, ...fields } };
}

function toFields({ weight, share, nodes }: ThreatPath): Fields {
  return { weight, share, nodes: nodes.map(({ hash, ...name }) => ({ _hash: hash, ...name })) };
}

function sized(qtype: string, data: Value, made: ReportOptions): Report {
  if (bsonSize(data) > MAX_ANSWER) throw new AnswerTooLarge();
  try {
    return report(qtype, data, made);
  } catch (error) {
    // The canonical form, which is hashed, escapes what is nested: it may be the larger one.
    if (error instanceof RangeError) throw new AnswerTooLarge(undefined, { cause: error });
    throw error;
  }
}
