import { attribute } from "../../../tahoe/attribute.ts";
import { canonical } from "../../../tahoe/canonical.ts";
import type {
  Attribute,
  Event,
  Groups,
  Hash,
  Report,
  Session,
  TahoeObject,
} from "../../../tahoe/instance.ts";
import { type Fields, isScalar } from "../../../tahoe/value.ts";
import { type Answered, evidenceOf, listed, type Ranked, summarised } from "../answered.ts";
import { extended } from "./extension.ts";
import { isoTime } from "./iso_time.ts";
import { BundleBuilder, idOf, type StixBundle } from "./stix_bundle.ts";

/**
 * The answer as a bundle of STIX 2.1: attributes as observables, what is related to the asked one
 * by relationships, events as observed data, counts and ThreatRanks as notes. Ids depend on nothing
 * but what they stand for.
 */
export function stix(answered: Answered): StixBundle {
  switch (answered.qtype) {
    case "count":
      return countBundle(answered.asked, answered.chosen, answered.report);
    case "related":
      return relatedBundle(answered.asked, answered.report);
    case "threatrank":
      return rankBundle(answered.ranks);
  }
}

function countBundle(asked: Attribute, chosen: Fields, { data, timestamp }: Report): StixBundle {
  const builder = new BundleBuilder(timestamp);
  const limits = Object.entries(chosen).map(([name, value]) => `${name} ${value}`).join(", ");
  builder.add("note", ["count", asked._hash, canonical(chosen)], {
    content: `Events that hold it: ${data}${limits && ` (${limits})`}`,
    object_refs: [builder.observe(asked)],
    ...extended({ count: Number(data), ...limits && { chosen } }),
  });
  return builder.bundle();
}

function relatedBundle(asked: Attribute, report: Report): StixBundle {
  const builder = new BundleBuilder(report.timestamp);
  const paths = new Map<string, readonly string[]>();
  for (const { subType, data, path } of summarised(report)) {
    const id = builder.observe(attribute(subType, data));
    if (path !== undefined) paths.set(id, path);
  }
  const instances = listed(report) ?? [];
  const events = instances.filter((instance) => instance.itype === "event");
  const shown = new Set(events.map(({ _hash }) => _hash));
  for (const instance of instances) {
    if (instance.itype === "attribute") builder.observe(instance);
    else if (instance.itype === "event") addEvent(builder, instance);
    else addGrouping(builder, instance, shown);
  }
  relateAll(builder, asked, paths);
  return builder.bundle();
}

/** Says of all observables that they are related to the asked one, which is among them. */
function relateAll(
  builder: BundleBuilder,
  asked: Attribute,
  paths: ReadonlyMap<string, readonly string[]>,
): void {
  const others = builder.observables;
  if (others.length === 0) return;
  const source = builder.observe(asked);
  for (const target of others) {
    if (target === source) continue;
    const path = paths.get(target);
    builder.add("relationship", [source, target], {
      relationship_type: "related-to",
      ...path && { description: path.join(" > ") },
      source_ref: source,
      target_ref: target,
    });
  }
}

function addEvent(builder: BundleBuilder, event: Event): void {
  const { sub_type, orgid, category, timestamp, data, _hash } = event;
  const moment = isoTime(timestamp);
  const members = attributesIn(data);
  const seen = (context: readonly Hash[]) =>
    observeAll(builder, members.filter((member) => context.includes(member._hash)));
  const benign = seen(event._ben_ref);
  const malicious = seen(event._mal_ref);
  builder.add("observed-data", [_hash], {
    first_observed: moment,
    last_observed: moment,
    number_observed: 1,
    object_refs: observeAll(builder, members),
    ...extended({
      sub_type,
      orgid,
      category,
      ...benign.length > 0 && { benign_refs: benign },
      ...malicious.length > 0 && { malicious_refs: malicious },
      hash: _hash,
    }),
  });
}

/** An object's attributes; a session's, and those of its events that are in the bundle. */
function addGrouping(
  builder: BundleBuilder,
  { itype, sub_type, data, _ref, _hash }: TahoeObject | Session,
  shown: ReadonlySet<Hash>,
): void {
  const events = _ref.filter((hash) => shown.has(hash)).map((hash) =>
    idOf("observed-data", [hash])
  );
  builder.add("grouping", [_hash], {
    name: sub_type,
    context: "unspecified",
    object_refs: [...observeAll(builder, attributesIn(data)), ...events],
    ...extended({ itype, sub_type }),
  });
}

function rankBundle(ranks: readonly Ranked[]): StixBundle {
  const builder = new BundleBuilder(Math.max(0, ...ranks.map(({ report }) => report.timestamp)));
  for (const { hash, event, report } of ranks) {
    if (event !== undefined) addEvent(builder, event);
    const { flags = [], bounds } = evidenceOf(report, hash);
    const range = bounds && ` (between ${bounds.least} and ${bounds.most})`;
    builder.add("note", ["threatrank", hash], {
      content: `ThreatRank ${report.data}${range ?? ""}: 0 is not at all malicious, -1 fully`,
      // Of an event that was asked for by its hash, this is all that is known.
      object_refs: [idOf("observed-data", [hash])],
      ...extended({
        threatrank: Number(report.data),
        ...bounds,
        ...flags.length > 0 && { flags },
      }),
    });
  }
  return builder.bundle();
}

/** Takes attributes in; returns the ids of the observables they became, each once. */
function observeAll(builder: BundleBuilder, attributes: readonly Attribute[]): string[] {
  return [...new Set(attributes.map((attribute) => builder.observe(attribute)))];
}

/** All attributes in the data of a parent, those of objects too. */
function attributesIn(groups: Groups): Attribute[] {
  return Object.entries(groups).flatMap(([subType, members]) =>
    members.flatMap((member) =>
      isScalar(member) ? [attribute(subType, member)] : attributesIn(member)
    )
  );
}
