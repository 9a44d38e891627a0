import type { Fields } from "../../tahoe/value.ts";
import { fieldsIn, isSet, timeOf } from "./fields.ts";
import { readIndicator } from "./indicator.ts";
import type { Scope } from "./scope.ts";

/** Makes events `misp_proposal` of what somebody proposes to add or to put in a thing's place. */
export function readProposals(fields: Fields, scope: Scope): void {
  for (const proposal of fieldsIn(fields["ShadowAttribute"])) {
    if (isSet(proposal["proposal_to_delete"])) {
      scope.collector.skip("proposal to delete");
      continue;
    }
    const indicator = readIndicator(proposal, scope.collector);
    const timestamp = timeOf(proposal["timestamp"]) ?? scope.timestamp;
    // Nobody has agreed to it yet: it says nothing of good and bad.
    if (indicator !== undefined) scope.event("misp_proposal", [indicator.child], { timestamp });
  }
}
