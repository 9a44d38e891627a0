import type { Attribute, DataBySubType, Hash, TahoeObject } from "./instance.ts";
import type { Scalar } from "./value.ts";

/** A child of an object, event or session. */
export type Child = Attribute | TahoeObject;

/** The fields that a parent stores for its children. */
export type GroupedChildren = {
  readonly data: DataBySubType;
  readonly _cref: readonly Hash[];
  readonly _ref: readonly Hash[];
};

/**
 * Groups children as their parent stores them: data by sub-type, and references. Passing
 * the same JavaScript reference twice counts once. Two separate but equal children appear twice in
 * `data` and once in the references.
 *
 * @throws {TypeError} when a child is neither an attribute nor an object.
 * @throws {RangeError} when there are no children.
 */
export function groupChildren(children: Child | readonly Child[]): GroupedChildren {
  const distinct = distinctChildren(children);
  if (distinct.length === 0) {
    throw new RangeError("Data must not be empty: give at least one child");
  }
  const data: Record<string, (Scalar | DataBySubType)[]> = Object.create(null);
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

/**
 * Removes repetitions of the same child object.
 *
 * @throws {TypeError} when a child is neither an attribute nor an object.
 */
export function distinctChildren(children: Child | readonly Child[]): readonly Child[] {
  const distinct = [...new Set<Child>(Array.isArray(children) ? children : [children as Child])];
  for (const child of distinct) {
    if (child?.itype !== "attribute" && child?.itype !== "object") {
      throw new TypeError("Children must be attributes or objects");
    }
  }
  return distinct;
}
