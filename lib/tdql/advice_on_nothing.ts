import { suggestSubType, usualSubType } from "../indicators/suggest_sub_type.ts";
import type { AttributeName } from "../tahoe/attribute.ts";
import type { Fields } from "../tahoe/value.ts";

/** The normal form of what was asked, and the query data. */
type Asked = { readonly asked: AttributeName; readonly question: Fields };

const ON_NETWORK =
  "Events that hold only addresses in the network do not count: ask for each address";

/** Says what does not count for a network that no event holds; undefined for other attributes. */
export function adviceOnNetwork({ subType }: AttributeName): string | undefined {
  return /^ipv[46]_net$/.test(subType) ? ON_NETWORK : undefined;
}

/** Says what may have been meant by an attribute that no event holds; undefined if that is unclear. */
export function adviceOnNothing({ asked, question }: Asked): string | undefined {
  const onNetwork = adviceOnNetwork(asked);
  if (onNetwork !== undefined) return onNetwork;
  const typed = String(question["sub_type"]);
  const subType = question["match"] === "literal" ? typed : usualSubType(typed);
  const suggestion = suggestSubType(subType);
  if (suggestion === undefined) return undefined;
  return `No importer stores the sub-type ${subType}. Did you mean ${suggestion}?`;
}
