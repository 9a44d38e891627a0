import type {
  Attribute,
  Event,
  Evidence,
  Hash,
  Instance,
  Raw,
  Report,
} from "../../tahoe/instance.ts";
import { type Fields, isFields, type Scalar, type Value } from "../../tahoe/value.ts";

/** A report, and what it answers. */
export type Answered =
  | {
    readonly qtype: "count";
    readonly asked: Attribute;
    /** What chose the events, by the names of the query language: `{last: "30d"}`. */
    readonly chosen: Fields;
    readonly report: Report;
  }
  | { readonly qtype: "related"; readonly asked: Attribute; readonly report: Report }
  | { readonly qtype: "threatrank"; readonly ranks: readonly Ranked[] };

/** An event with the report on its ThreatRank; of one asked for by hash no more is known. */
export type Ranked = { readonly hash: Hash; readonly event?: Event; readonly report: Report };

/** As `query threatrank` shows it of events that an attribute was seen in. */
export type RankedEvent = { readonly event: Event; readonly report: Report };

/** What `related` shows when it lists instances. */
export type ListedInstance = Exclude<Instance, Raw | Report>;

/** An attribute as a summary has it; in a summary graph with the labels back to the asked one. */
export type SummaryEntry = {
  readonly subType: string;
  readonly data: Scalar;
  readonly path?: readonly string[];
};

/** The instances that a report on what is related lists; undefined if it is a summary. */
export function listed({ data }: Report): readonly ListedInstance[] | undefined {
  return Array.isArray(data) ? data as readonly unknown[] as readonly ListedInstance[] : undefined;
}

/** The attributes of a summary. */
export function summarised({ data }: Report): SummaryEntry[] {
  if (!isFields(data)) return [];
  return Object.entries(data).flatMap(([subType, members]) =>
    (members as readonly Value[]).map((member) => {
      if (!Array.isArray(member)) return { subType, data: member as Scalar };
      const [data, path] = member as [Scalar, readonly string[]];
      return { subType, data, path };
    })
  );
}

/** What the report rests on for one of the events that have this rank. */
export function evidenceOf({ evidence = [] }: Report, event: Hash): Partial<Evidence> {
  return evidence.find(({ _hash }) => _hash === event) ?? {};
}
