import { contentHash } from "./hash.ts";
import type { Attribute } from "./instance.ts";
import { checkSubType } from "./sub_type.ts";
import { isScalar, type Scalar } from "./value.ts";

/** What identifies an attribute: its kind and its value. */
export type AttributeName = { readonly subType: string; readonly data: Scalar };

/**
 * One value of one kind, such as `attribute("ipv4", "192.0.2.1")`: a leaf of the graph.
 *
 * @throws {TypeError} when `data` is not a scalar or `subType` is not a string.
 * @throws {RangeError} when `subType` is not an identifier.
 */
export function attribute(subType: string, data: Scalar): Attribute {
  checkSubType(subType);
  if (!isScalar(data)) {
    throw new TypeError("Attribute data must be a string, number, boolean or null");
  }
  const _hash = contentHash("attribute", subType, data);
  return { itype: "attribute", data, sub_type: subType, _hash };
}
