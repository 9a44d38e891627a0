import type { Hash, Instance, TahoeObject } from "../tahoe/instance.ts";
import { MERGED_FIELDS } from "../tahoe/instances.ts";
import { mergeInstance } from "../tahoe/merge.ts";

/**
 * Sorts the instances of one put by level: each refers only to instances of levels before its own,
 * and each hash is there once, so that the instances of a level can be stored in any order. Raws are
 * the last level: a stored Raw says that all that was made of it is stored.
 */
export function toLevels(instances: readonly Instance[]): readonly (readonly Instance[])[] {
  const kinds = Map.groupBy(mergeRepeated(instances), ({ itype }) => itype);
  const of = (itype: Instance["itype"]) => kinds.get(itype) ?? [];
  const levels: (readonly Instance[])[] = [
    of("attribute"),
    ...objectLevels(of("object") as TahoeObject[]),
    of("event"),
    of("session"),
    of("report"),
    of("raw"),
  ];
  return levels.filter((level) => level.length > 0);
}

/** Each hash once, in the place where it came first. */
function mergeRepeated(instances: readonly Instance[]): Iterable<Instance> {
  const merged = new Map<Hash, Instance>();
  for (const instance of instances) {
    const { _hash, itype } = instance;
    const first = merged.get(_hash);
    if (first === undefined) merged.set(_hash, instance);
    else if (first.itype === itype && itype in MERGED_FIELDS) {
      merged.set(_hash, mergeInstance(first, instance));
    }
  }
  return merged.values();
}

/** Objects, given children first, by how many of these are inside each other. */
function objectLevels(objects: readonly TahoeObject[]): TahoeObject[][] {
  const levelOf = new Map<Hash, number>();
  const levels: TahoeObject[][] = [];
  for (const object of objects) {
    const inner = [...object._cref, ...object._ref].map((hash) => levelOf.get(hash) ?? -1);
    const level = 1 + Math.max(-1, ...inner);
    levelOf.set(object._hash, level);
    (levels[level] ??= []).push(object);
  }
  return levels;
}
