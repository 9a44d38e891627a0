import { Rejected } from "../errors.ts";
import type { Filter } from "./filter.ts";
import { InstanceCollector } from "./instance_collector.ts";
import { readEvent, readSingleAttribute, readSingleObject } from "./misp/event.ts";
import { findItems, type MispItem } from "./misp/items.ts";

/**
 * Reads events, attributes and objects in the MISP core format (draft-dulaunoy-misp-core-format), as
 * MISP exports them or returns them from a search. docs/imports.md has the mapping.
 */
export const MISP_FILTER: Filter = {
  id: "8fd76eb5-529d-4b34-81dc-5920e5520066",
  read(data, source) {
    const collector = new InstanceCollector(source);
    collector.readRecords(findItems(data), readMispItem);
    const result = collector.result();
    if (result.events.length > 0) return result;
    throw new Rejected("EVENTS_INVALID", "Nothing in the MISP data could be read");
  },
};

function readMispItem(item: MispItem, collector: InstanceCollector): void {
  switch (item.kind) {
    case "event":
      return readEvent(item.fields, collector);
    case "attribute":
      return readSingleAttribute(item.fields, collector);
    case "object":
      return readSingleObject(item.fields, collector);
    case "unknown":
      throw new Rejected("EVENTS_INVALID", item.reason);
  }
}
