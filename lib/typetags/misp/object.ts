import type { Attribute, TahoeObject } from "../../tahoe/instance.ts";
import type { Fields } from "../../tahoe/value.ts";
import type { EventFields } from "../instance_collector.ts";
import { fieldsIn, isSet, textOf, timeOf } from "./fields.ts";
import { identifier } from "./identifier.ts";
import { contextOf, type MispIndicator, readIndicator } from "./indicator.ts";
import { readLabels } from "./labels.ts";
import { readProposals } from "./proposal.ts";
import { bounded, type Scope } from "./scope.ts";
import { readSightings } from "./sighting.ts";

/**
 * Makes an event `misp_object` of a MISP object and the labels of its attributes, others of
 * their sightings. It is malicious if one of its attributes is.
 */
export function readObject(fields: Fields, scope: Scope): void {
  const { collector } = scope;
  const name = textOf(fields["name"]);
  if (isSet(fields["deleted"])) return collector.skip("deleted object");
  if (name === undefined) return collector.skip("object without a name");
  const members = fieldsIn(fields["Attribute"]).flatMap((member) => readMember(member, scope));
  if (members.length === 0) return collector.skip("object without attributes");
  const children = bounded(members.map(({ child }) => child), collector);
  const object = collector.object(identifier(name), children);
  scope.remember(fields, object);
  scope.event("misp_object", [object, ...members.flatMap(({ labels }) => labels)], {
    timestamp: timeOf(fields["timestamp"]) ?? scope.timestamp,
    ...viewOf(object, members),
  });
}

type Member = MispIndicator & { readonly labels: readonly Attribute[] };

/** One member, or none if it cannot be read. */
function readMember(fields: Fields, scope: Scope): readonly Member[] {
  const indicator = readIndicator(fields, scope.collector);
  if (indicator === undefined) return [];
  scope.remember(fields, indicator.child);
  readSightings(fields, indicator, scope);
  readProposals(fields, scope);
  return [{ ...indicator, labels: readLabels(fields, scope.collector) }];
}

function viewOf(object: TahoeObject, members: readonly Member[]): Omit<EventFields, "timestamp"> {
  const held = new Set(object._ref);
  const malicious = members.filter(({ isMalicious }) => isMalicious).flatMap(contextOf)
    .filter(({ _hash }) => held.has(_hash));
  return malicious.length === 0 ? {} : { category: "malicious", malicious: [object, ...malicious] };
}
