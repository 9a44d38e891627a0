import type { Fields } from "../../tahoe/value.ts";
import type { InstanceCollector } from "../instance_collector.ts";
import { readTime } from "../time.ts";
import { TIMES } from "./object_types.ts";
import { observableType } from "./observable_types.ts";
import { safeName } from "./safe_name.ts";

/**
 * The time of the event of a STIX object, in seconds since 1970, UTC: the first of its properties
 * that is a time, or else the time of the upload. Malformed times are counted.
 */
export function eventTime(object: Fields, collector: InstanceCollector): number {
  const type = safeName(object["type"]);
  const preferred = TIMES.get(type) ?? observableType(type)?.times ?? [];
  for (const property of [...preferred, "created", "modified"]) {
    const value = object[property];
    if (value === undefined) continue;
    const time = typeof value === "string" ? readTime(value) : undefined;
    if (time !== undefined) return time;
    collector.skip(`malformed ${type}.${property}`);
  }
  return collector.timestamp;
}
