import type { AttributeValue } from "./attribute_value.ts";
import type { MispSighting } from "./core_format.ts";
import type { ContextFields, MispEventBuilder } from "./event_builder.ts";

/** MISP's types of sightings, except 0, the plain sighting. */
const TYPES: ReadonlyMap<string | undefined, string> = new Map([
  ["1", "false_positive"],
  ["2", "expiration"],
  ["3", "true_positive"],
]);

/**
 * Adds an event `sighting` of each sighting of a MISP attribute. A sighting without type, source and
 * organisation equals one of the typetag `sighting`.
 */
export function addSightings(
  sightings: readonly MispSighting[],
  value: AttributeValue,
  builder: MispEventBuilder,
): void {
  for (const { type, source, organisation, timestamp } of sightings) {
    // The type is part of the event, so that a false positive and a sighting at the same time are
    // two events.
    const sighting_type = TYPES.get(type);
    const circumstances = builder.attributes({ sighting_type, source, organisation });
    const children = [...value.attributes, ...circumstances];
    builder.event("sighting", children, { timestamp, ...sightingContext(value, sighting_type) });
  }
}

function sightingContext(
  { distinctive, isMalicious }: AttributeValue,
  type: string | undefined,
): ContextFields {
  if (type === "false_positive") return { category: "benign", benign: distinctive };
  if (type === "true_positive" || (type === undefined && isMalicious)) {
    return { category: "malicious", malicious: distinctive };
  }
  return {};
}
