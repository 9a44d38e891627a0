import { type Child, groupChildren } from "./children.ts";
import { contentHash } from "./hash.ts";
import type { TahoeObject } from "./instance.ts";
import { checkSubType } from "./sub_type.ts";

/** Attributes and objects that belong together, such as `object("file", [filename, sha256])`. */
export function object(subType: string, children: Child | readonly Child[]): TahoeObject {
  checkSubType(subType);
  const grouped = groupChildren(children);
  const _hash = contentHash("object", subType, grouped.data);
  return { itype: "object", ...grouped, sub_type: subType, _hash };
}
