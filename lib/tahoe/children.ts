import type { Attribute, Groups, Hash, TahoeObject } from "./instance.ts";
import type { Scalar } from "./value.ts";

/** What objects, events and sessions are made of. */
export type Child = Attribute | TahoeObject;

export type GroupedChildren = {
  readonly data: Groups;
  readonly _cref: readonly Hash[];
  readonly _ref: readonly Hash[];
};

/**
 * Children as their parent holds them: data by sub-type, and references. The very same child given
 * twice counts once; two equal children stay twice in `data` and once in the references.
 *
 * Throws TypeError if one is neither attribute nor object, RangeError if there is none.
 */
export function groupChildren(children: Child | readonly Child[]): GroupedChildren {
  const distinct = distinctChildren(children);
  if (distinct.length === 0) throw new RangeError("Data cannot be empty: give at least one child");
  const data: Record<string, (Scalar | Groups)[]> = Object.create(null);
  const cref = new Set<Hash>();
  const ref = new Set<Hash>();
  for (const child of distinct) {
    (data[child.sub_type] ??= []).push(child.data);
    cref.add(child._hash);
    ref.add(child._hash);
    if (child.itype === "object") child._ref.forEach((hash) => ref.add(hash));
  }
  return { data, _cref: [...cref], _ref: [...ref] };
}

/** Checks that all are attributes or objects, and takes each only once. */
export function distinctChildren(children: Child | readonly Child[]): readonly Child[] {
  const distinct = [...new Set<Child>(Array.isArray(children) ? children : [children as Child])];
  for (const child of distinct) {
    if (child?.itype !== "attribute" && child?.itype !== "object") {
      throw new TypeError("Children must be attributes or objects");
    }
  }
  return distinct;
}
