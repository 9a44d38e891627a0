import { type Child, groupChildren } from "./children.ts";
import { contentHash } from "./hash.ts";
import type { TahoeObject } from "./instance.ts";
import { checkSubType } from "./sub_type.ts";

/** Attributes and objects that belong together, `object("file", [filename, sha256])`. */
export function object(subType: string, children: Child | readonly Child[]): TahoeObject {
  checkSubType(subType);
  const gathered = groupChildren(children);
  const _hash = contentHash("object", subType, gathered.data);
  return { itype: "object", ...gathered, sub_type: subType, _hash };
}
