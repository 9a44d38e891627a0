import type { Attribute } from "../../tahoe/instance.ts";
import { type AttributeValue, buildValue, markedChildren } from "./attribute_value.ts";
import type { MispAttribute, MispProposal } from "./core_format.ts";
import type { ContextFields, MispEventBuilder } from "./event_builder.ts";
import { addSightings } from "./sighting.ts";

/**
 * Adds an event `misp_attribute` of a MISP attribute and its labels, and the events of its sightings
 * and proposals.
 */
export function addAttribute(attribute: MispAttribute, builder: MispEventBuilder): void {
  const { uuid, timestamp, labels, sightings, proposals } = attribute;
  const value = buildValue(attribute, builder);
  if (value === undefined) return;
  builder.remember(uuid, value.child);
  const children = [value.child, ...value.hosts, ...builder.labels(labels)];
  const context: ContextFields = value.isMalicious
    ? { category: "malicious", malicious: markedChildren(value) }
    : {};
  builder.event("misp_attribute", children, { timestamp, ...context });
  addSightings(sightings, value, builder);
  addProposals(proposals, builder);
}

/** A MISP attribute as a member of a MISP object. */
export type MemberValue = AttributeValue & { readonly labels: readonly Attribute[] };

/**
 * Builds the value of a member of a MISP object, and adds the events of its sightings and proposals.
 */
export function buildMember(
  attribute: MispAttribute,
  builder: MispEventBuilder,
): MemberValue | undefined {
  const { uuid, labels, sightings, proposals } = attribute;
  const value = buildValue(attribute, builder);
  if (value === undefined) return undefined;
  builder.remember(uuid, value.child);
  addSightings(sightings, value, builder);
  addProposals(proposals, builder);
  return { ...value, labels: builder.labels(labels) };
}

/** Adds an event `misp_proposal` of each value that is proposed as new or as a replacement. */
export function addProposals(proposals: readonly MispProposal[], builder: MispEventBuilder): void {
  for (const proposal of proposals) {
    if (proposal.isDeletion) {
      builder.collector.skip("proposal to delete");
      continue;
    }
    const value = buildValue(proposal, builder);
    if (value === undefined) continue;
    // Nobody has accepted the proposal yet, so the event has no category.
    builder.event("misp_proposal", [value.child, ...value.hosts], {
      timestamp: proposal.timestamp,
    });
  }
}
