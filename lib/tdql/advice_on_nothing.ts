import { suggestSubType, usualSubType } from "../indicators/suggest_sub_type.ts";
import type { AttributeName } from "../tahoe/attribute.ts";
import type { Fields } from "../tahoe/value.ts";

/** The normal form of what was asked, and the query data. */
type Asked = { readonly asked: AttributeName; readonly question: Fields };

/** Says what may have been meant by an attribute that no event holds; undefined if that is unclear. */
export function adviceOnNothing({ asked, question }: Asked): string | undefined {
  if (asked.subType.endsWith("_net")) {
    return "Events that hold only addresses in the network do not count: ask for each address";
  }
  const typed = String(question["sub_type"]);
  const subType = question["match"] === "literal" ? typed : usualSubType(typed);
  const suggestion = suggestSubType(subType);
  if (suggestion === undefined) return undefined;
  return `No importer stores the sub-type ${subType}. Did you mean ${suggestion}?`;
}
