import { Rejected } from "../../errors.ts";
import type { Event } from "../../tahoe/instance.ts";
import { type Fields, isFields } from "../../tahoe/value.ts";
import type { InstanceCollector } from "../instance_collector.ts";
import { addAttribute, addProposals } from "./attribute.ts";
import type { MispEvent } from "./core_format.ts";
import { MispEventBuilder } from "./event_builder.ts";
import { addObject, addReferences } from "./object.ts";
import {
  parseMispAttribute,
  parseMispEvent,
  parseMispEventHeader,
  parseMispObject,
} from "./parse.ts";

/**
 * Makes events of everything in a MISP event, an event `misp_event` of the MISP event itself, and a
 * session of all these events. The event `misp_event` is also in the sessions of related MISP events.
 *
 * @throws {Rejected} EVENTS_INVALID when the MISP event is empty.
 */
export function readEvent(fields: Fields, collector: InstanceCollector): void {
  const event = parseMispEvent(fields);
  const builder = new MispEventBuilder(event, collector);
  for (const attribute of event.attributes) addAttribute(attribute, builder);
  for (const object of event.objects) addObject(object, builder);
  for (const object of event.objects) addReferences(object, builder);
  addProposals(event.proposals, builder);
  for (const [name, count] of event.unread) collector.skip(name, count);
  addOverview(event, builder);
  if (event.uuid === undefined) {
    return collector.skip("event without a UUID, its parts not joined");
  }
  addSession(event.uuid, builder.events, collector);
}

function addOverview(
  { uuid, info, creator: organisation, labels, timestamp, relatedUuids }: MispEvent,
  builder: MispEventBuilder,
): void {
  const children = [...builder.attributes({ uuid, info, organisation }), ...builder.labels(labels)];
  if (children.length > 0) {
    const overview = builder.event("misp_event", children, { timestamp });
    for (const related of relatedUuids) addSession(related, [overview], builder.collector);
  } else if (builder.events.length === 0) {
    throw new Rejected("EVENTS_INVALID", "The MISP event is empty");
  }
}

/** Reads an attribute outside of a MISP event, such as one that a search found. */
export function readSingleAttribute(fields: Fields, collector: InstanceCollector): void {
  const attribute = parseMispAttribute(fields);
  readSingle(fields, collector, (builder) => addAttribute(attribute, builder));
}

/** Reads an object outside of a MISP event, such as one that a search found. */
export function readSingleObject(fields: Fields, collector: InstanceCollector): void {
  const object = parseMispObject(fields);
  readSingle(fields, collector, (builder) => addObject(object, builder));
}

function readSingle(
  { Event }: Fields,
  collector: InstanceCollector,
  add: (builder: MispEventBuilder) => void,
): void {
  const header = parseMispEventHeader(isFields(Event) ? Event : {});
  const builder = new MispEventBuilder(header, collector);
  add(builder);
  if (header.uuid === undefined || builder.events.length === 0) return;
  addSession(header.uuid, builder.events, collector);
}

function addSession(uuid: string, events: readonly Event[], collector: InstanceCollector): void {
  collector.session("misp_event", [collector.attribute("uuid", uuid)], events);
}
