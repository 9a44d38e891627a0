import { attribute } from "../../tahoe/attribute.ts";
import type {
  Attribute,
  Details,
  Event,
  Evidence,
  Hash,
  Instance,
  Raw,
  Report,
} from "../../tahoe/instance.ts";
import { type Fields, isFields, type Scalar, type Value } from "../../tahoe/value.ts";

/** A report with what was asked; for ThreatRanks, a report for each event. */
export type QueryResult =
  & { /** The question in one line, which exports repeat. */ readonly question?: string }
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
    | { readonly qtype: "threatrank"; readonly ranks: readonly EventRank[] }
  );

/**
 * Report on the ThreatRank of an event. If the event was asked for by its hash, only that is known.
 */
export type EventRank = { readonly hash: Hash; readonly event?: Event; readonly report: Report };

/** An event that holds the asked attribute, with the report on its ThreatRank. */
export type RankedEvent = { readonly event: Event; readonly report: Report };

/** An instance that `related` may list. */
export type ListedInstance = Exclude<Instance, Raw | Report>;

/** An attribute of a summary; in a summary graph, with the labels on the way to the asked one. */
export type SummaryAttribute = {
  readonly subType: string;
  readonly data: Scalar;
  readonly path?: readonly string[];
};

/** An attribute of a summary as an instance, with the same path. */
export type ConnectedAttribute = {
  readonly attribute: Attribute;
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

export type RanksContent = { readonly kind: "ranks"; readonly ranks: readonly RankContent[] };

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
    const timestamp = Math.max(0, ...result.ranks.map(({ report }) => report.timestamp));
    return { kind: "ranks", ranks: result.ranks.map(readRank), timestamp };
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
  const attributes = summaryAttributes(report).map(({ subType, data, path }) => ({
    attribute: attribute(subType, data),
    ...(path !== undefined && { path }),
  }));
  return { kind: "summary", asked, attributes, timestamp };
}

function readRank({ hash, event, report }: EventRank): RankContent {
  const evidence = evidenceOf(report, hash);
  const isMalicious = isMaliciousItself(report, hash);
  const rank = Number(report.data);
  return { hash, ...(event !== undefined && { event }), rank, isMalicious, evidence };
}

/** Returns the instances that a report on related data lists; undefined if it is a summary. */
export function listedInstances({ data }: Report): readonly ListedInstance[] | undefined {
  return Array.isArray(data) ? data as readonly unknown[] as readonly ListedInstance[] : undefined;
}

/** Returns the attributes of a summary. */
export function summaryAttributes({ data }: Report): SummaryAttribute[] {
  if (!isFields(data)) return [];
  return Object.entries(data).flatMap(([subType, members]) =>
    (members as readonly Value[]).map((member) => {
      if (!Array.isArray(member)) return { subType, data: member as Scalar };
      const [data, path] = member as [Scalar, readonly string[]];
      return { subType, data, path };
    })
  );
}

/** Tells whether an event has its rank because it is malicious, not because of paths to it. */
export function isMaliciousItself(report: Report, event: Hash): boolean {
  return Number(report.data) === -1 && evidenceOf(report, event)._hash === undefined;
}

/** Finds the evidence for one of the events that have the rank of a report. */
export function evidenceOf({ evidence = [] }: Report, event: Hash): Partial<Evidence> {
  return evidence.find(({ _hash }) => _hash === event) ?? {};
}
