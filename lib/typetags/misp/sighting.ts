import type { Attribute } from "../../tahoe/instance.ts";
import { type Fields, isFields } from "../../tahoe/value.ts";
import type { EventFields } from "../instance_collector.ts";
import { fieldsIn, textOf, timeOf } from "./fields.ts";
import type { MispIndicator } from "./indicator.ts";
import type { Scope } from "./scope.ts";

/** MISP's types of sightings other than 0, the plain one. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ["1", "false_positive"],
  ["2", "expiration"],
  ["3", "true_positive"],
]);

/**
 * Makes an event `sighting` of each sighting of a MISP attribute. One without type, source and
 * organisation equals that of the typetag `sighting`.
 */
export function readSightings(fields: Fields, indicator: MispIndicator, scope: Scope): void {
  for (const sighting of fieldsIn(fields["Sighting"])) {
    const type = TYPES.get(textOf(sighting["type"]) ?? "");
    const timestamp = timeOf(sighting["date_sighting"]) ?? scope.timestamp;
    const children = [...indicator.parts, ...circumstances(sighting, type, scope)];
    scope.event("sighting", children, { timestamp, ...viewOf(type, indicator) });
  }
}

// The type is part of the event: a false positive is another one than what was seen just then.
function circumstances(
  sighting: Fields,
  type: string | undefined,
  { collector }: Scope,
): readonly Attribute[] {
  const organisation = sighting["Organisation"];
  const name = isFields(organisation) ? textOf(organisation["name"]) : undefined;
  return Object.entries({
    sighting_type: type,
    source: textOf(sighting["source"]),
    organisation: name,
  }).flatMap(([subType, text]) => text === undefined ? [] : [collector.attribute(subType, text)]);
}

function viewOf(
  type: string | undefined,
  indicator: MispIndicator,
): Omit<EventFields, "timestamp"> {
  const { telling, isMalicious } = indicator;
  if (type === "false_positive") return { category: "benign", benign: telling };
  if (type === "true_positive" || (type === undefined && isMalicious)) {
    return { category: "malicious", malicious: telling };
  }
  return {};
}
