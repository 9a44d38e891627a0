import { contentHash } from "./hash.ts";
import type { Raw } from "./instance.ts";
import { checkSubType } from "./sub_type.ts";
import type { Value } from "./value.ts";

/**
 * An upload as it came. Its hash leaves out the sender, so that equal data from two organisations
 * is one Raw.
 *
 * @throws {TypeError} when the sub-type is not a string.
 * @throws {RangeError} when the sub-type is not an identifier, or the data is too large.
 */
export function raw(
  subType: string,
  data: Value,
  { orgid, timezone }: Pick<Raw, "orgid" | "timezone">,
): Raw {
  checkSubType(subType);
  const _hash = contentHash("raw", subType, data);
  return { itype: "raw", data, orgid, timezone, sub_type: subType, _hash };
}
