import { Rejected } from "../errors.ts";
import { isSubType } from "../tahoe/sub_type.ts";
import type { Value } from "../tahoe/value.ts";
import type { Filter } from "./filter.ts";
import { InstanceCollector } from "./instance_collector.ts";
import { parseFields, scalarField, splitRecords, unparsedText } from "./records.ts";

/**
 * Reads sightings such as `{"ipv4": "192.0.2.1", "url": "…", "timestamp": 1617000000.5}`: what was
 * seen and when. Each attribute becomes an event of its own. Takes one object, an array or JSON
 * Lines; any other text becomes an attribute `data`.
 */
export const SIGHTING_FILTER: Filter = {
  id: "05e66bff-c3e1-49a0-bd2e-ad203a1f94fc",
  read(data, source) {
    const collector = new InstanceCollector(source);
    collector.readRecords(splitRecords(data).map(unkept), readRecord);
    return collector.result();
  },
};

/** The text of JSON that cannot be read or stored as JSON, which is not itself what was seen. */
function unkept(record: Value): Value {
  const text = unparsedText(record);
  return text !== undefined && /^\s*[{[]/.test(text) ? text : record;
}

/** The end of the year 9999, in seconds since 1970: later times are in other units. */
const MAX_TIME = 253_402_300_799;

function readRecord(data: Value, collector: InstanceCollector): void {
  const fields = parseFields(data);
  const subTypes = Object.keys(fields).filter((name) => name !== "timestamp");
  if (subTypes.length === 0) {
    throw new Rejected("EVENTS_INVALID", "The record has no field that says what was seen");
  }
  const timestamp = readTimestamp(fields["timestamp"]) ?? collector.timestamp;
  for (const subType of subTypes) {
    if (!isSubType(subType)) throw new Rejected("EVENTS_REJECTED", invalidName(subType));
    const attribute = collector.attribute(subType, scalarField(fields, subType));
    collector.event("sighting", [attribute], { timestamp });
  }
}

function readTimestamp(timestamp: Value | undefined): number | undefined {
  switch (typeof timestamp) {
    case "undefined":
      return undefined;
    case "number":
    case "bigint":
    case "boolean": {
      // Python counts true as 1, and events with such times are already stored.
      const seconds = Number(timestamp);
      if (Math.abs(seconds) <= MAX_TIME) return seconds;
      throw new Rejected(
        "EVENTS_REJECTED",
        "timestamp is not a number of seconds up to the year 9999",
      );
    }
    default:
      throw new Rejected("EVENTS_REJECTED", "timestamp is not a number of seconds");
  }
}

function invalidName(name: string): string {
  const start = JSON.stringify(name.length > 40 ? `${name.slice(0, 40)}…` : name);
  return `${start} cannot be the name of an attribute: use letters, digits and _, no digit first`;
}
