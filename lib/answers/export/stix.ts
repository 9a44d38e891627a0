import { canonicalForm } from "../../tahoe/canonical.ts";
import type { Attribute } from "../../tahoe/instance.ts";
import type {
  AnswerContent,
  CountContent,
  ListingContent,
  RankContent,
  SummaryContent,
} from "../answer_content.ts";
import { isoTime } from "./iso_time.ts";
import { ObservableSet } from "./observable_set.ts";
import { buildBundle, type StixBundle, type StixDraft, stixId } from "./stix_bundle.ts";
import { draftInstance, observedData } from "./stix_instances.ts";

/**
 * Builds a STIX 2.1 bundle of an answer: attributes become observables, with relationships between
 * the asked one and those that are related to it; events become observed data; counts and
 * ThreatRanks become notes. An id depends only on what it stands for.
 */
export function stixBundle(content: AnswerContent): StixBundle {
  const observables = new ObservableSet();
  const drafts = [...draftObjects(content, observables), ...questionNotes(content, observables)];
  return buildBundle({ observables: observables.all, drafts, timestamp: content.timestamp });
}

function draftObjects(content: AnswerContent, observables: ObservableSet): StixDraft[] {
  switch (content.kind) {
    case "count":
      return [countNote(content, observables)];
    case "summary":
      return draftSummary(content, observables);
    case "listing":
      return draftListing(content, observables);
    case "ranks":
      return content.ranks.flatMap((ranked) => draftRank(ranked, observables, content.question));
  }
}

/**
 * Says what was asked, about what is related and where there is nothing to rank; counts and ranks say
 * it in their own notes.
 */
function questionNotes(content: AnswerContent, observables: ObservableSet): StixDraft[] {
  const { kind, question, asked, filter = {} } = content;
  const hasNotes = kind === "count" || (kind === "ranks" && content.ranks.length > 0);
  if (question === undefined || asked === undefined || hasNotes) return [];
  return [{
    type: "note",
    // Not of the text: it says until when, which differs between two exports.
    name: [
      "question",
      ...(kind === "ranks" ? ["threatrank"] : []),
      asked._hash,
      canonicalForm(filter),
    ],
    properties: { content: `Question: ${question}`, object_refs: [observables.add(asked)] },
    extension: { question },
  }];
}

function countNote(
  { asked, filter, count, details, question }: CountContent & Pick<AnswerContent, "question">,
  observables: ObservableSet,
): StixDraft {
  const limits = Object.entries(filter).map(([name, value]) => `${name} ${value}`).join(", ");
  return {
    type: "note",
    name: ["count", asked._hash, canonicalForm(filter)],
    properties: {
      content: `Events that hold it: ${count}${limits && ` (${limits})`}`,
      object_refs: [observables.add(asked)],
    },
    extension: {
      count: Number(count),
      ...(limits !== "" && { chosen: filter }),
      ...(details?.first_seen !== undefined && { first_seen: isoTime(details.first_seen) }),
      ...(details?.last_seen !== undefined && { last_seen: isoTime(details.last_seen) }),
      ...(question !== undefined && { question }),
    },
  };
}

function draftSummary(
  { asked, attributes }: SummaryContent,
  observables: ObservableSet,
): StixDraft[] {
  const paths = new Map<string, readonly string[]>();
  for (const { attribute, path } of attributes) {
    const id = observables.add(attribute);
    if (path !== undefined) paths.set(id, path);
  }
  return relateAll(asked, observables, paths);
}

function draftListing(
  { asked, instances }: ListingContent,
  observables: ObservableSet,
): StixDraft[] {
  const events = instances.filter((instance) => instance.itype === "event");
  const eventHashes = new Set(events.map(({ _hash }) => _hash));
  const drafts = instances.flatMap((instance) => draftInstance(instance, eventHashes, observables));
  return [...drafts, ...relateAll(asked, observables, new Map())];
}

/** Relates the asked attribute to all other observables. `paths` describes some of them by id. */
function relateAll(
  asked: Attribute,
  observables: ObservableSet,
  paths: ReadonlyMap<string, readonly string[]>,
): StixDraft[] {
  const targets = observables.all.map(({ id }) => id);
  if (targets.length === 0) return [];
  const source = observables.add(asked);
  return targets.filter((target) => target !== source).map((target) => {
    const path = paths.get(target);
    return {
      type: "relationship",
      name: [source, target],
      properties: {
        relationship_type: "related-to",
        ...(path !== undefined && { description: path.join(" > ") }),
        source_ref: source,
        target_ref: target,
      },
    };
  });
}

function draftRank(
  { hash, event, rank, isMalicious, evidence }: RankContent,
  observables: ObservableSet,
  question: string | undefined,
): StixDraft[] {
  const { flags = [], bounds } = evidence;
  const range = bounds === undefined ? "" : ` (between ${bounds.least} and ${bounds.most})`;
  const note: StixDraft = {
    type: "note",
    name: ["threatrank", hash],
    properties: {
      content: isMalicious
        ? `ThreatRank ${rank}: the event is malicious itself`
        : `ThreatRank ${rank}${range}: 0 is not at all malicious, -1 fully`,
      // If the event was asked for by its hash, nothing else is known about it.
      object_refs: [stixId("observed-data", [hash])],
    },
    extension: {
      threatrank: rank,
      ...bounds,
      ...(flags.length > 0 && { flags }),
      ...(question !== undefined && { question }),
    },
  };
  return event === undefined ? [note] : [observedData(event, observables), note];
}
