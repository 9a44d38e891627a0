import type { PageRank } from "../answer.ts";
import { rankText } from "../numbers.ts";

/** What the flags of a ThreatRank mean. */
const FLAGS: { readonly [flag: string]: string } = {
  truncated: "More events are within reach than the limits allow: heavier paths may be missing.",
  deadline:
    "The time did not suffice to see all events within reach: heavier paths may be missing.",
  bounded: "The graph is too dense here to compute the rank exactly.",
  evidence_cut: "These are not all of the heaviest paths; the rank itself counts every path.",
};

/**
 * Says in words what a ThreatRank rests on besides its paths, and what makes it inexact. `subject` is
 * the event, or each of several.
 */
export function doubtTexts(
  { isMalicious, bounds, flags, paths }: PageRank,
  subject = "The event",
): string[] {
  return [
    ...(isMalicious ? [`${subject} is malicious itself; no path is needed.`] : []),
    ...(isMalicious || paths.length > 0 ? [] : ["No path leads here from a malicious event."]),
    ...(bounds === undefined
      ? []
      : [`The true rank lies between ${rankText(bounds.least)} and ${rankText(bounds.most)}.`]),
    ...flags.map((flag) => FLAGS[flag] ?? `Flag: ${flag}.`),
  ];
}
