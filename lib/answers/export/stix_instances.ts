import { attribute } from "../../tahoe/attribute.ts";
import type {
  Attribute,
  DataBySubType,
  Event,
  Hash,
  Session,
  TahoeObject,
} from "../../tahoe/instance.ts";
import { isScalar } from "../../tahoe/value.ts";
import type { ListedInstance } from "../read_report.ts";
import { isoTime } from "./iso_time.ts";
import type { ObservableSet } from "./observable_set.ts";
import { type StixDraft, stixId } from "./stix_bundle.ts";

/**
 * Drafts the object of a listed instance, if it has one; adds its attributes to the observables.
 */
export function draftInstance(
  instance: ListedInstance,
  eventHashes: ReadonlySet<Hash>,
  observables: ObservableSet,
): StixDraft[] {
  switch (instance.itype) {
    case "attribute":
      observables.add(instance);
      return [];
    case "event":
      return [observedData(instance, observables)];
    default:
      return [grouping(instance, eventHashes, observables)];
  }
}

export function observedData(event: Event, observables: ObservableSet): StixDraft {
  const { sub_type, orgid, category, timestamp, data, _hash } = event;
  const moment = isoTime(timestamp);
  const members = attributesIn(data);
  const addContext = (context: readonly Hash[]) =>
    observables.addAll(members.filter((member) => context.includes(member._hash)));
  const benign = addContext(event._ben_ref);
  const malicious = addContext(event._mal_ref);
  return {
    type: "observed-data",
    name: [_hash],
    properties: {
      first_observed: moment,
      last_observed: moment,
      number_observed: 1,
      object_refs: observables.addAll(members),
    },
    extension: {
      sub_type,
      orgid,
      category,
      ...(benign.length > 0 && { benign_refs: benign }),
      ...(malicious.length > 0 && { malicious_refs: malicious }),
      hash: _hash,
    },
  };
}

/** Groups the attributes of an object or session; for a session also its events in the bundle. */
function grouping(
  { itype, sub_type, data, _ref, _hash }: TahoeObject | Session,
  eventHashes: ReadonlySet<Hash>,
  observables: ObservableSet,
): StixDraft {
  const events = _ref.filter((hash) => eventHashes.has(hash));
  const eventIds = events.map((hash) => stixId("observed-data", [hash]));
  return {
    type: "grouping",
    name: [_hash],
    properties: {
      name: sub_type,
      context: "unspecified",
      object_refs: [...observables.addAll(attributesIn(data)), ...eventIds],
    },
    extension: { itype, sub_type },
  };
}

/** Lists all attributes in the data of an instance, those in objects as well. */
function attributesIn(data: DataBySubType): Attribute[] {
  return Object.entries(data).flatMap(([subType, members]) =>
    members.flatMap((member) =>
      isScalar(member) ? [attribute(subType, member)] : attributesIn(member)
    )
  );
}
