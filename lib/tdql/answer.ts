import { DamagedInstance, StoreUnavailable } from "../errors.ts";
import { AnswerTooLarge, MAX_ANSWER_BYTES } from "../graph/answer_too_large.ts";
import { Budget } from "../graph/budget.ts";
import { count } from "../graph/count.ts";
import type { Edges } from "../graph/edges.ts";
import type { EventFilter, Graph } from "../graph/graph.ts";
import { rankEvent, type RankEventOptions } from "../graph/rank_event.ts";
import { related } from "../graph/related.ts";
import type { RankMemory } from "../graph/rank_memory.ts";
import type { LatestTopValues, TopValues, TopValuesOptions } from "../graph/top_values.ts";
import type { ThreatPath, ThreatRankLimits } from "../graph/threatrank.ts";
import { orgsOf } from "../identity/org.ts";
import { findUserByHash } from "../identity/user.ts";
import { bsonSize } from "../tahoe/bson.ts";
import { canonicalForm } from "../tahoe/canonical.ts";
import type { Details, Evidence, Hash, Report, TahoeObject } from "../tahoe/instance.ts";
import type { InstanceStore } from "../tahoe/instances.ts";
import { report, type ReportOptions } from "../tahoe/report.ts";
import { isSubType } from "../tahoe/sub_type.ts";
import type { Fields, Value } from "../tahoe/value.ts";
import {
  countInDetail,
  latestTopInDetail,
  relatedInDetail,
  type SelectionDetails,
  topInDetail,
} from "./detailed_answer.ts";
import {
  type AttributeQuery,
  type Query,
  readQuery,
  readSelection,
  type RelatedQuery,
} from "./query.ts";
import { QueryError } from "./query_error.ts";
import { type EnvelopeOptions, readQuestion } from "./question.ts";
import { readTdql } from "./tdql.ts";
import { checkRange, timeRange } from "./time_range.ts";
import { unnestQueryData } from "./unnest.ts";

export type AnswerOptions = {
  readonly graph: Graph;
  readonly edges: Edges;
  /** Knows whether there is a copy of the graph; without it, each neighbourhood is loaded. */
  readonly memory?: RankMemory;
  readonly identity: InstanceStore;
  /** Factor by which an event's weight in ThreatRank falls with each whole day of its age. */
  readonly decay: number;
  /** Limits of ThreatRank's work; the deadline also limits related. */
  readonly limits: ThreatRankLimits;
  /** Returns seconds since 1970, UTC. */
  readonly now: () => number;
};

/** A question as a user asks it. */
export type AskedQuestion = {
  readonly qtype: string;
  /** The query data. */
  readonly question: Value;
  /** Hash of the user who asks. */
  readonly userid: Hash;
};

/** A report, and whether it answers the question or says why it failed. */
export type Answer = {
  readonly status: "ready" | "failed";
  readonly report: Report;
  /** Cause of a failure, for the log: the report says no more than the asker may know. */
  readonly error?: unknown;
};

/** What a report says of the hash of no event, or one that the asker may not see. */
export const NO_SUCH_EVENT = "_hash is not an event that you may see";

type AnswerData = {
  readonly data: Value;
  readonly currentPage?: bigint;
  readonly nextPage?: bigint;
  readonly evidence?: Evidence;
  readonly details?: Details;
};

/**
 * Answers a query with what its user may see. If anything is wrong with the query, the report says
 * so.
 *
 * @throws {StoreUnavailable} when a database cannot be reached.
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
    return failedAnswer(query, error, options.now());
  }
}

/**
 * Answers query data as it was asked, before anything is sealed or stored; otherwise as
 * {@link answer}.
 *
 * @throws {StoreUnavailable} when a database cannot be reached.
 */
export async function answerQueryData(
  { qtype, question, userid }: AskedQuestion,
  options: AnswerOptions,
): Promise<Answer> {
  try {
    const query = readQuery(qtype, unnestQueryData(canonicalForm(question)));
    const asker = await findAsker(userid, options.identity);
    return { status: "ready", report: await answerQuestion(query, asker, options) };
  } catch (error) {
    if (error instanceof StoreUnavailable) throw error;
    const data = { qtype: [qtype], userid: [userid] };
    return failedAnswer({ data }, error, options.now());
  }
}

/**
 * Answers a question with what the asker may see.
 *
 * @throws {QueryError} when the question cannot be answered.
 * @throws {AnswerTooLarge} when no report can hold the answer.
 */
export async function answerQuestion(
  question: Query,
  { userid, orgids }: Asker,
  options: AnswerOptions,
): Promise<Report> {
  const { data, ...rest } = await findAnswer(question, orgids, options);
  return newReport(question.qtype, data, { userid, orgids, timestamp: options.now(), ...rest });
}

/** Makes the failed report of a query that ended with an error. */
export function failedAnswer(
  { data }: Pick<TahoeObject, "data">,
  error: unknown,
  timestamp: number,
): Answer {
  const field = (name: string) => {
    const value = data[name]?.[0];
    return typeof value === "string" && value.isWellFormed() ? value : "";
  };
  const qtype = isSubType(field("qtype")) ? field("qtype") : "invalid";
  const options = { userid: field("userid"), timestamp };
  return { status: "failed", report: report(qtype, failureText(error), options), error };
}

function failureText(error: unknown): string {
  if (error instanceof QueryError) return `${error.kind}: ${error.message}`;
  if (error instanceof AnswerTooLarge) return `InvalidParameterValue: ${error.message}`;
  if (error instanceof DamagedInstance) return `ServerError: ${error.message}`;
  return "ServerError: the report could not be made; the log of the report program says why";
}

/** The user who asks, and the organisations whose events they may see. */
export type Asker = { readonly userid: Hash; readonly orgids: readonly Hash[] };

/**
 * Finds the user who asks, and their organisations.
 *
 * @throws {QueryError} InvalidUserError when there is no such user.
 */
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

async function findAnswer(
  query: Query,
  orgids: readonly Hash[],
  options: AnswerOptions,
): Promise<AnswerData> {
  const now = options.now();
  switch (query.qtype) {
    case "count": {
      const filter = eventFilter(query, orgids, now);
      if (query.question !== undefined) return await countInDetail(options.graph, query, filter);
      return { data: await count(options.graph, query, filter) };
    }
    case "related": {
      const filter = eventFilter(query, orgids, now);
      const budget = new Budget(options.limits.deadline);
      const answer = query.question === undefined ? related : relatedInDetail;
      return await answer(options.graph, query, { ...query, filter, budget });
    }
    case "threatrank": {
      const { edges, memory, decay, limits } = options;
      return await rankInDetail(query.hash, {
        edges,
        ...(memory !== undefined && { memory }),
        orgids,
        now,
        decay,
        limits,
        evidence: true,
      });
    }
  }
}

export type TopOptions = Pick<TopValuesOptions, "limit" | "subType"> & {
  readonly graph: Graph;
  /** Seconds since 1970, UTC. */
  readonly now: number;
};

/**
 * Finds what most of the newest events of an attribute hold, too. `question` is that of related data;
 * the events are those of the organisations.
 *
 * @throws {QueryError} when the question cannot be answered.
 */
export async function answerTop(
  question: Fields,
  orgids: readonly Hash[],
  { graph, now, ...options }: TopOptions,
): Promise<TopValues & { readonly details: Details }> {
  const query = readQuery("related", question) as RelatedQuery;
  return await topInDetail(graph, query, { filter: eventFilter(query, orgids, now), ...options });
}

/**
 * Finds what most of the events of the organisations hold that were stored last. `selection` has the
 * fields of query data that select events whatever they hold.
 *
 * @throws {QueryError} when the question cannot be answered.
 */
export async function answerLatestTop(
  selection: Fields,
  orgids: readonly Hash[],
  { graph, now, ...options }: TopOptions,
): Promise<LatestTopValues & { readonly details: SelectionDetails }> {
  const query = { ...readSelection(selection), question: selection };
  const filter = eventFilter(query, orgids, now);
  return await latestTopInDetail(graph, query, { filter, ...options });
}

/** Makes the filter of a query; a bound of exactly 0 counts as no bound. */
function eventFilter(
  { time, category, question }: Pick<AttributeQuery, "time" | "category" | "question">,
  orgids: readonly Hash[],
  now: number,
): EventFilter {
  const range = timeRange(time, now);
  // The contract lets the API ask for less than no time.
  if (question !== undefined || (time.last ?? "") === "") checkRange(time, range);
  const { start, end } = range;
  return { orgids, category, start: start || -Infinity, end: end || Infinity };
}

async function rankInDetail(hash: Hash, options: RankEventOptions): Promise<AnswerData> {
  const found = await rankEvent(hash, options);
  if (found === undefined) {
    throw new QueryError("InvalidParameterValue", NO_SUCH_EVENT);
  }
  const { rank: data, flags, bounds, paths, now } = found;
  // Most events have neither, and their reports of rank 0 or -1 are the same.
  if (flags.length === 0 && paths.length === 0) return { data };
  const fields = { flags, ...(bounds && { bounds }), now, paths: paths.map(toFields) };
  return { data, evidence: { _hash: hash, ...fields } };
}

function toFields({ weight, share, nodes }: ThreatPath): Fields {
  return { weight, share, nodes: nodes.map(({ hash, ...name }) => ({ _hash: hash, ...name })) };
}

function newReport(qtype: string, data: Value, options: ReportOptions): Report {
  const { details } = options;
  const stored = details === undefined ? data : [data, details as Fields];
  if (bsonSize(stored) > MAX_ANSWER_BYTES) throw new AnswerTooLarge();
  try {
    return report(qtype, data, options);
  } catch (error) {
    // The canonical form, which is hashed, escapes nested values and may be larger than the BSON.
    if (error instanceof RangeError) throw new AnswerTooLarge("size", { cause: error });
    throw error;
  }
}
