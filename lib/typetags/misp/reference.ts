import type { Fields } from "../../tahoe/value.ts";
import { fieldsIn, isSet, textOf, timeOf } from "./fields.ts";
import type { Scope } from "./scope.ts";

/**
 * Makes an event `misp_reference` of each reference from one object to another, or to an attribute:
 * `{source: [{file: […]}], relationship_type: ["drops"], target: [{file: […]}]}`.
 */
export function readReferences(fields: Fields, scope: Scope): void {
  const { collector } = scope;
  const from = scope.recall(fields["uuid"]);
  if (from === undefined) return;
  for (const reference of fieldsIn(fields["ObjectReference"])) {
    const to = scope.recall(reference["referenced_uuid"]);
    const relation = textOf(reference["relationship_type"]);
    if (isSet(reference["deleted"])) {
      collector.skip("deleted reference");
    } else if (to === undefined || relation === undefined) {
      collector.skip("reference to what is not in the event");
    } else {
      const parts = [
        collector.object("source", [from]),
        collector.attribute("relationship_type", relation),
        collector.object("target", [to]),
      ];
      const timestamp = timeOf(reference["timestamp"]) ?? scope.timestamp;
      scope.event("misp_reference", parts, { timestamp });
    }
  }
}
