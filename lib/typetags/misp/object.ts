import type { TahoeObject } from "../../tahoe/instance.ts";
import { buildMember, type MemberValue } from "./attribute.ts";
import { markedChildren } from "./attribute_value.ts";
import type { MispObject } from "./core_format.ts";
import type { ContextFields, MispEventBuilder } from "./event_builder.ts";
import { subTypeFor } from "./sub_type.ts";

/**
 * Adds an event `misp_object` of a MISP object and the labels of its attributes, and the events of
 * their sightings and proposals. The event is malicious if one of the attributes is.
 */
export function addObject(object: MispObject, builder: MispEventBuilder): void {
  const { uuid, name, isDeleted, timestamp, attributes } = object;
  const { collector } = builder;
  if (isDeleted) return collector.skip("deleted object");
  if (name === undefined) return collector.skip("object without a name");
  const members = attributes.flatMap((attribute) => buildMember(attribute, builder) ?? []);
  if (members.length === 0) return collector.skip("object without attributes");
  const built = builder.object(subTypeFor(name), members.map(({ child }) => child));
  builder.remember(uuid, built);
  const children = [built, ...members.flatMap(({ hosts, labels }) => [...hosts, ...labels])];
  builder.event("misp_object", children, { timestamp, ...objectContext(built, members) });
}

function objectContext(object: TahoeObject, members: readonly MemberValue[]): ContextFields {
  const descendants = new Set(object._ref);
  const malicious = members.filter(({ isMalicious }) => isMalicious).flatMap(markedChildren)
    .filter(({ _hash }) => descendants.has(_hash));
  return malicious.length === 0 ? {} : { category: "malicious", malicious: [object, ...malicious] };
}

/**
 * Adds an event `misp_reference` of each reference from a MISP object to another or to an attribute:
 * `{source: [{file: […]}], relationship_type: ["drops"], target: [{file: […]}]}`. Call it when all
 * of the MISP event's attributes and objects have been added.
 */
export function addReferences({ uuid, references }: MispObject, builder: MispEventBuilder): void {
  const { collector } = builder;
  const source = builder.find(uuid);
  if (source === undefined) return;
  for (const { targetUuid, relationshipType, isDeleted, timestamp } of references) {
    const target = builder.find(targetUuid);
    if (isDeleted) {
      collector.skip("deleted reference");
    } else if (target === undefined || relationshipType === undefined) {
      collector.skip("reference to what is not in the event");
    } else {
      const children = [
        collector.object("source", [source]),
        collector.attribute("relationship_type", relationshipType),
        collector.object("target", [target]),
      ];
      builder.event("misp_reference", children, { timestamp });
    }
  }
}
