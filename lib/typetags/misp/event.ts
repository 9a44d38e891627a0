import { Rejected } from "../../errors.ts";
import type { Event } from "../../tahoe/instance.ts";
import { type Fields, isFields } from "../../tahoe/value.ts";
import type { InstanceCollector } from "../instance_collector.ts";
import { readAttribute } from "./attribute.ts";
import { fieldsIn, textOf } from "./fields.ts";
import { readLabels } from "./labels.ts";
import { readObject } from "./object.ts";
import { readProposals } from "./proposal.ts";
import { readReferences } from "./reference.ts";
import { Scope, uuidOf } from "./scope.ts";

/** What MISP events, objects and attributes hold that is only kept in the Raw. */
const UNREAD = ["CryptographicKey", "EventReport", "Note", "Opinion", "Relationship"];

/**
 * Makes events of all that is in a MISP event, one of itself, and a session of them all. That one
 * event is in the sessions of related MISP events, too.
 *
 * Throws Rejected EVENTS_INVALID if the MISP event is empty.
 */
export function readEvent(fields: Fields, collector: InstanceCollector): void {
  const scope = new Scope(fields, collector);
  const objects = fieldsIn(fields["Object"]);
  for (const attribute of fieldsIn(fields["Attribute"])) readAttribute(attribute, scope);
  for (const object of objects) readObject(object, scope);
  for (const object of objects) readReferences(object, scope);
  readProposals(fields, scope);
  countUnread(fields, collector);
  const overview = readOverview(fields, scope);
  if (overview !== undefined) {
    for (const uuid of relatedTo(fields)) join(uuid, [overview], collector);
  }
  const uuid = uuidOf(fields["uuid"]);
  if (uuid === undefined) return collector.skip("event without a UUID, its parts not joined");
  join(uuid, scope.events, collector);
}

/** Reads a MISP attribute or object of a search's answer; it may name its MISP event. */
export function readLoose(
  fields: Fields,
  read: (fields: Fields, scope: Scope) => void,
  collector: InstanceCollector,
): void {
  const event = isFields(fields["Event"]) ? fields["Event"] : {};
  const scope = new Scope(event, collector);
  read(fields, scope);
  const uuid = uuidOf(event["uuid"]);
  if (uuid !== undefined && scope.events.length > 0) join(uuid, scope.events, collector);
}

function readOverview(fields: Fields, scope: Scope): Event | undefined {
  const { collector, timestamp } = scope;
  const creator = isFields(fields["Orgc"]) ? textOf(fields["Orgc"]["name"]) : undefined;
  const texts = {
    uuid: uuidOf(fields["uuid"]),
    info: textOf(fields["info"]),
    organisation: creator,
  };
  const attributes = Object.entries(texts).flatMap(([subType, text]) =>
    text === undefined ? [] : [collector.attribute(subType, text)]
  );
  const children = [...attributes, ...readLabels(fields, collector)];
  if (children.length > 0) return scope.event("misp_event", children, { timestamp });
  if (scope.events.length > 0) return undefined;
  throw new Rejected("EVENTS_INVALID", "The MISP event is empty");
}

function relatedTo(fields: Fields): readonly string[] {
  const related = fieldsIn(fields["RelatedEvent"]).flatMap(({ Event }) => fieldsIn(Event));
  return [...related.map(({ uuid }) => uuid), fields["extends_uuid"]].map(uuidOf)
    .filter((uuid) => uuid !== undefined);
}

function join(uuid: string, events: readonly Event[], collector: InstanceCollector): void {
  collector.session("misp_event", [collector.attribute("uuid", uuid)], events);
}

function countUnread(fields: Fields, collector: InstanceCollector): void {
  const items = ["Attribute", "Object"].flatMap((name) => fieldsIn(fields[name]));
  for (const holder of [fields, ...items]) {
    for (const name of UNREAD) {
      const times = fieldsIn(holder[name]).length;
      if (times > 0) collector.skip(name, times);
    }
  }
}
