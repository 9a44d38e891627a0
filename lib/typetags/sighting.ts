import { Rejected } from "../errors.ts";
import { isSubType } from "../tahoe/sub_type.ts";
import type { Value } from "../tahoe/value.ts";
import type { Filter } from "./filter.ts";
import { InstanceCollector } from "./instance_collector.ts";
import { fieldsOf, recordsOf, scalarField } from "./records.ts";

/**
 * `{"ipv4": "192.0.2.1", "url": "…", "timestamp": 1617000000.5}`: what was seen, each thing in an
 * event of its own, and when. One such object, an array, or JSON lines; other text is an attribute
 * `data`.
 */
export const sighting: Filter = {
  id: "05e66bff-c3e1-49a0-bd2e-ad203a1f94fc",
  read(data, sent) {
    const collector = new InstanceCollector(sent);
    collector.records(recordsOf(data), readRecord);
    return collector.result();
  },
};

function readRecord(data: Value, collector: InstanceCollector): void {
  const record = fieldsOf(data);
  const subTypes = Object.keys(record).filter((name) => name !== "timestamp");
  if (subTypes.length === 0) throw new Rejected("EVENTS_INVALID", "Nothing was seen");
  const timestamp = readTimestamp(record["timestamp"], collector);
  for (const subType of subTypes) {
    if (!isSubType(subType)) throw new Rejected("EVENTS_REJECTED", noSubType(subType));
    const seen = collector.attribute(subType, scalarField(record, subType));
    collector.event("sighting", [seen], { timestamp });
  }
}

function readTimestamp(timestamp: Value | undefined, collector: InstanceCollector): number {
  switch (typeof timestamp) {
    case "undefined":
      return collector.timestamp;
    case "number":
    case "bigint":
    case "boolean":
      // Python counts true as 1, and events of such times are stored.
      return Number(timestamp);
    default:
      throw new Rejected("EVENTS_REJECTED", "timestamp is not a number of seconds");
  }
}

function noSubType(name: string): string {
  const shown = JSON.stringify(name.length > 40 ? `${name.slice(0, 40)}…` : name);
  return `${shown} names nothing that can be seen: letters, digits and _ only, no digit first`;
}
