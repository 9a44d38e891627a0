import type { Evidence, Hash, Instance, Raw, Report } from "../tahoe/instance.ts";
import { isFields, type Scalar, type Value } from "../tahoe/value.ts";

/** An instance that `related` may list. */
export type ListedInstance = Exclude<Instance, Raw | Report>;

/** An attribute of a summary; in a summary graph, with the labels on the way to the asked one. */
export type SummaryAttribute = {
  readonly subType: string;
  readonly data: Scalar;
  readonly path?: readonly string[];
};

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
