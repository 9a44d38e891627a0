import type { Fields } from "../../tahoe/value.ts";
import { timeOf } from "./fields.ts";
import { contextOf, readIndicator } from "./indicator.ts";
import { readLabels } from "./labels.ts";
import { readProposals } from "./proposal.ts";
import type { Scope } from "./scope.ts";
import { readSightings } from "./sighting.ts";

/** Makes an event `misp_attribute` of a MISP attribute and its labels, others of its sightings. */
export function readAttribute(fields: Fields, scope: Scope): void {
  const indicator = readIndicator(fields, scope.collector);
  if (indicator === undefined) return;
  scope.remember(fields, indicator.child);
  const timestamp = timeOf(fields["timestamp"]) ?? scope.timestamp;
  const children = [indicator.child, ...readLabels(fields, scope.collector)];
  scope.event(
    "misp_attribute",
    children,
    indicator.isMalicious
      ? { timestamp, category: "malicious", malicious: contextOf(indicator) }
      : { timestamp },
  );
  readSightings(fields, indicator, scope);
  readProposals(fields, scope);
}
