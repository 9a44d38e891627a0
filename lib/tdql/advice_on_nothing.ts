import { suggestSubType, usualSubType } from "../indicators/suggest_sub_type.ts";
import type { AttributeName } from "../tahoe/attribute.ts";
import type { Fields } from "../tahoe/value.ts";

/** The normal form of what was asked, and the query data. */
type Asked = {
  readonly asked: AttributeName;
  readonly question: Fields;
  /** Whether all addresses in a network were looked for, and none was found. */
  readonly isSearched: boolean;
};

const ON_NETWORK =
  "Events that hold only addresses in the network do not count: ask for each address";

/** Says what may have been meant by an attribute that was looked up, and that no event holds. */
export function adviceOnUnseen(name: AttributeName, isSearched: boolean): string | undefined {
  return isNetwork(name) ? adviceOnNetwork(isSearched) : adviceOnSubType(name.subType);
}

/** Says what may have been meant by an attribute that no event holds; undefined if that is unclear. */
export function adviceOnNothing({ asked, question, isSearched }: Asked): string | undefined {
  if (isNetwork(asked)) return adviceOnNetwork(isSearched);
  const typed = String(question["sub_type"]);
  return adviceOnSubType(question["match"] === "literal" ? typed : usualSubType(typed));
}

function isNetwork({ subType }: AttributeName): boolean {
  return /^ipv[46]_net$/.test(subType);
}

/** Says what does not count for a network, unless all that is in it was looked for. */
function adviceOnNetwork(isSearched: boolean): string | undefined {
  return isSearched ? undefined : ON_NETWORK;
}

function adviceOnSubType(subType: string): string | undefined {
  const suggestion = suggestSubType(subType);
  if (suggestion === undefined) return undefined;
  return `No importer stores the sub-type ${subType}. Did you mean ${suggestion}?`;
}
