import { Rejected } from "../errors.ts";
import type { Filter, FilterResult } from "./filter.ts";
import { InstanceCollector } from "./instance_collector.ts";
import { readBundle } from "./stix/bundle.ts";
import { makeEvents } from "./stix/events.ts";

/** Reads STIX 2.0 and 2.1 (OASIS), as bundles or objects. docs/imports.md has the mapping. */
export const STIX_FILTER: Filter = {
  id: "f57c44a5-5079-4336-b23a-818b4218d9d2",
  read(data, source) {
    const collector = new InstanceCollector(source);
    const bundle = readBundle(data, collector);
    makeEvents(bundle, collector);
    const result = collector.result();
    if (result.events.length > 0 || bundle.isPart) return result;
    throw new Rejected(
      "EVENTS_INVALID",
      `Nothing in the STIX data becomes an event: ${describeSkipped(result)}`,
    );
  },
};

function describeSkipped({ skipped }: FilterResult): string {
  const counts = Object.entries(skipped).map(([what, times]) => `${times} ${what}`);
  if (counts.length === 0) return "it is empty";
  const listed = counts.slice(0, 10).join(", ");
  return counts.length > 10 ? `${listed}, …` : listed;
}
