import { contentHash } from "./hash.ts";
import type { Raw } from "./instance.ts";
import { checkSubType } from "./sub_type.ts";
import type { Value } from "./value.ts";

/**
 * An upload as it came. Its hash leaves out who sent it, so that equal data from two organisations
 * is one Raw.
 *
 * Throws TypeError or RangeError if the sub-type is none, RangeError if the data is too large.
 */
export function raw(subType: string, data: Value, orgid: string, timezone: string | null): Raw {
  checkSubType(subType);
  const _hash = contentHash("raw", subType, data);
  return { itype: "raw", data, orgid, timezone, sub_type: subType, _hash };
}
