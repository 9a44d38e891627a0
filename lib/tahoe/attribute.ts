import { contentHash } from "./hash.ts";
import type { Attribute } from "./instance.ts";
import { checkSubType } from "./sub_type.ts";
import { isScalar, type Scalar } from "./value.ts";

/**
 * One value of one kind, `attribute("ipv4", "192.0.2.1")`: the leaf of the graph.
 *
 * Throws TypeError if `data` is no scalar or `subType` no text, RangeError if it is no identifier.
 */
export function attribute(subType: string, data: Scalar): Attribute {
  checkSubType(subType);
  if (!isScalar(data)) {
    throw new TypeError("Attribute data must be a text, number, boolean or null");
  }
  const _hash = contentHash("attribute", subType, data);
  return { itype: "attribute", data, sub_type: subType, _hash };
}
