import { attribute } from "../tahoe/attribute.ts";
import { isHash } from "../tahoe/hash.ts";
import type { Event, Hash, Report } from "../tahoe/instance.ts";
import type { Fields } from "../tahoe/value.ts";
import { type CountQuery, readQuery, type RelatedQuery } from "../tdql/query.ts";
import type { QueryResult, RankedEvent } from "./answer_content.ts";
import { centralAttribute, questionFilter, questionText } from "./answer_details.ts";
import { fittingInterval } from "./histogram_interval.ts";

/**
 * Asks one question as some user, whoever answers it.
 *
 * @throws {Error} when there is no answer, or it is a failed one.
 */
export type Ask = (qtype: string, question: Fields) => Promise<Report>;

/** The answer to one kind of question. */
export type ResultOf<Name extends QueryResult["qtype"]> = QueryResult & { readonly qtype: Name };

/** Counts events. With a histogram, its interval is the one asked for, or else one that fits. */
export async function askCount(
  ask: Ask,
  question: Fields,
  { withHistogram }: { readonly withHistogram: boolean },
): Promise<ResultOf<"count">> {
  const { asked: { subType, data } } = readQuery("count", question) as CountQuery;
  const report = withHistogram ? await askHistogram(ask, question) : await ask("count", question);
  const filter = questionFilter(question);
  return { qtype: "count", asked: attribute(subType, data), filter, report, ...repeated(report) };
}

async function askHistogram(ask: Ask, question: Fields): Promise<Report> {
  const report = await ask("count", question);
  if (question["by"] !== undefined) return report;
  const by = fittingInterval(report);
  return by === undefined ? report : await ask("count", { ...question, by });
}

/** Asks what an attribute is related to. */
export async function askRelated(ask: Ask, question: Fields): Promise<ResultOf<"related">> {
  const query = readQuery("related", question) as RelatedQuery;
  const report = await ask("related", question);
  const asked = centralAttribute(query, report);
  const filter = questionFilter(question);
  return { qtype: "related", asked, filter, report, ...repeated(report) };
}

/** Fields with which a question about an attribute finds the events to rank. */
export const RANKED_EVENTS: Fields = { summary: false, return_type: "event" };

/** An answer with the ThreatRanks of events, and the page of events that they are of. */
export type RanksResult = ResultOf<"threatrank"> & {
  readonly ranks: readonly (RankedEvent & { readonly hash: Hash })[];
  readonly related: Report;
};

/**
 * Ranks the events that hold an attribute, newest first: those of one page, but for damaged ones whose
 * hash is none, about which nobody can ask.
 */
export async function askRanks(ask: Ask, question: Fields): Promise<RanksResult> {
  const related = await ask("related", { ...question, ...RANKED_EVENTS });
  const events = (related.data as unknown as Event[]).filter(({ _hash }) => isHash(_hash))
    .toSorted((a, b) => Number(b.timestamp) - Number(a.timestamp));
  const ranks = [];
  for (const event of events) {
    const hash = event._hash;
    ranks.push({ hash, event, report: await ask("threatrank", { _hash: hash }) });
  }
  const { details, timestamp } = related;
  return {
    qtype: "threatrank",
    related,
    ranks,
    timestamp,
    ...(details !== undefined && { details, question: questionText("threatrank", details) }),
  };
}

/** Ranks one event, which is given by its hash. */
export async function askRank(ask: Ask, hash: string): Promise<ResultOf<"threatrank">> {
  const report = await ask("threatrank", { _hash: hash });
  return {
    qtype: "threatrank",
    ranks: [{ hash, report }],
    question: `threatrank of the event ${hash}`,
  };
}

/** The question of a report, for exports. */
function repeated({ sub_type, details }: Report): { readonly question?: string } {
  return details === undefined ? {} : { question: questionText(sub_type, details) };
}
