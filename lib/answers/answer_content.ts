import { attribute } from "../tahoe/attribute.ts";
import type { Attribute, Details, Event, Evidence, Hash, Report } from "../tahoe/instance.ts";
import type { Fields, Scalar, Value } from "../tahoe/value.ts";
import { eventCounts } from "./event_counts.ts";
import {
  evidenceOf,
  isMaliciousItself,
  type ListedInstance,
  listedInstances,
  summaryAttributes,
} from "./read_report.ts";

/** A report with what was asked; for ThreatRanks, a report for each event. */
export type QueryResult =
  & {
    /** The question in one line, which exports repeat. */
    readonly question?: string;
    /** Names of the organisations whose events the asker may see, by hash. */
    readonly organisations?: ReadonlyMap<Hash, string>;
  }
  & (
    | {
      readonly qtype: "count";
      readonly asked: Attribute;
      /** What selected the events, by the names of the query language: `{last: "30d"}`. */
      readonly filter: Fields;
      readonly report: Report;
    }
    | {
      readonly qtype: "related";
      readonly asked: Attribute;
      readonly filter?: Fields;
      readonly report: Report;
    }
    | {
      readonly qtype: "threatrank";
      readonly ranks: readonly EventRank[];
      /** What was asked, if it is an attribute; and when its events were found, in seconds since 1970. */
      readonly details?: Details;
      readonly timestamp?: number;
    }
  );

/**
 * Report on the ThreatRank of an event. If the event was asked for by its hash, only that is known.
 */
export type EventRank = { readonly hash: Hash; readonly event?: Event; readonly report: Report };

/** An event that holds the asked attribute, with the report on its ThreatRank. */
export type RankedEvent = { readonly event: Event; readonly report: Report };

/** An attribute of a summary as an instance, with the same path, and its number of events. */
export type ConnectedAttribute = {
  readonly attribute: Attribute;
  readonly events?: number;
  readonly path?: readonly string[];
};

export type CountContent = {
  readonly kind: "count";
  readonly asked: Attribute;
  readonly filter: Fields;
  readonly count: Value;
  readonly details?: Details;
};

export type SummaryContent = {
  readonly kind: "summary";
  readonly asked: Attribute;
  readonly attributes: readonly ConnectedAttribute[];
};

export type ListingContent = {
  readonly kind: "listing";
  readonly asked: Attribute;
  readonly instances: readonly ListedInstance[];
};

export type RanksContent = {
  readonly kind: "ranks";
  readonly ranks: readonly RankContent[];
  /** Undefined if an event was asked for by its hash. */
  readonly asked?: Attribute;
};

/** ThreatRank of an event, with what it rests on. */
export type RankContent = {
  readonly hash: Hash;
  readonly event?: Event;
  readonly rank: number;
  readonly isMalicious: boolean;
  readonly evidence: Partial<Evidence>;
};

/** Content of an answer, ready to be written in any format. */
export type AnswerContent =
  & (CountContent | SummaryContent | ListingContent | RanksContent)
  & {
    /** When the answer was made, in seconds since 1970; 0 if there is no report. */
    readonly timestamp: number;
    /** The question in one line. */
    readonly question?: string;
    /** The fields of the question, but for the attribute that is asked. */
    readonly filter?: Fields;
  };

/** Reads the content of an answer from its reports. */
export function readContent(result: QueryResult): AnswerContent {
  const { question } = result;
  const filter = result.qtype === "threatrank" ? undefined : result.filter;
  return {
    ...readKind(result),
    ...(question !== undefined && { question }),
    ...(filter !== undefined && { filter }),
  };
}

function readKind(result: QueryResult): AnswerContent {
  if (result.qtype === "threatrank") {
    const { ranks, details } = result;
    const timestamps = ranks.map(({ report }) => report.timestamp);
    return {
      kind: "ranks",
      ranks: ranks.map(readRank),
      timestamp: Math.max(result.timestamp ?? 0, ...timestamps),
      ...(details !== undefined && { asked: askedAttribute(details) }),
    };
  }
  const { asked, report } = result;
  const { data, timestamp } = report;
  if (result.qtype === "count") {
    const { filter, report: { details } } = result;
    const content = { kind: "count", asked, filter, count: data, timestamp } as const;
    return { ...content, ...(details !== undefined && { details }) };
  }
  const instances = listedInstances(report);
  if (instances !== undefined) return { kind: "listing", asked, instances, timestamp };
  const counts = eventCounts(report.details);
  const attributes = summaryAttributes(report).map(({ subType, data, path }) => {
    const connected = attribute(subType, data);
    const events = counts.get(connected._hash);
    return {
      attribute: connected,
      ...(events !== undefined && { events }),
      ...(path !== undefined && { path }),
    };
  });
  return { kind: "summary", asked, attributes, timestamp };
}

function askedAttribute({ asked: { sub_type, data } }: Details): Attribute {
  return attribute(String(sub_type), data as Scalar);
}

function readRank({ hash, event, report }: EventRank): RankContent {
  const evidence = evidenceOf(report, hash);
  const isMalicious = isMaliciousItself(report, hash);
  const rank = Number(report.data);
  return { hash, ...(event !== undefined && { event }), rank, isMalicious, evidence };
}
