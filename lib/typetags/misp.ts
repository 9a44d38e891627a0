import { Rejected } from "../errors.ts";
import type { Filter } from "./filter.ts";
import { InstanceCollector } from "./instance_collector.ts";
import { readAttribute } from "./misp/attribute.ts";
import { type Item, itemsIn } from "./misp/documents.ts";
import { readEvent, readLoose } from "./misp/event.ts";
import { readObject } from "./misp/object.ts";

/**
 * Events, attributes and objects in the MISP core format (draft-dulaunoy-misp-core-format), as MISP
 * exports them or answers a search. docs/imports.md has the mapping.
 */
export const misp: Filter = {
  id: "8fd76eb5-529d-4b34-81dc-5920e5520066",
  read(data, sent) {
    const collector = new InstanceCollector(sent);
    collector.records(itemsIn(data), readItem);
    const result = collector.result();
    if (result.events.length > 0) return result;
    throw new Rejected("EVENTS_INVALID", "Nothing in the MISP data could be read");
  },
};

function readItem({ kind, fields }: Item, collector: InstanceCollector): void {
  switch (kind) {
    case "event":
      return readEvent(fields, collector);
    case "attribute":
      return readLoose(fields, readAttribute, collector);
    case "object":
      return readLoose(fields, readObject, collector);
    default:
      throw new Rejected("EVENTS_INVALID", "Neither MISP event, attribute nor object");
  }
}
