import type { Event, Instance } from "./instance.ts";
import { LATEST, mergedFields, type Merging } from "./instances.ts";
import { writeJson } from "./json.ts";
import { type Fields, isFields, type Value } from "./value.ts";

type Merge = (stored: Value | undefined, given: Value) => Value;

const merge: { readonly [how in Merging]: Merge } = {
  union,
  latest,
  replace: (_, given) => given,
};

/**
 * What is stored under a hash once another instance of that hash was put: the one that is there, its
 * fields merged with the other's as {@link mergedFields} says, and an event's category if it was
 * unknown.
 */
export function merged<T extends Instance>(present: T, added: Instance): T {
  const { itype } = present;
  const [stored, given] = [present, added] as unknown as readonly [Fields, Fields];
  const changed: Record<string, Value> = {};
  for (const [name, how] of Object.entries(mergedFields[itype] ?? {})) {
    const more = given[name];
    if (more !== undefined) changed[name] = merge[how](stored[name], more);
  }
  if (itype === "event" && present.category === "unknown") {
    changed["category"] = (added as Event).category;
  }
  return { ...present, ...changed };
}

/** The first set with those of the second that it lacks; members are equal if their JSON is. */
function union(first: Value | undefined, second: Value): readonly Value[] {
  const union = new Map<string, Value>();
  for (const member of [...members(first), ...members(second)]) {
    const text = writeJson(member);
    if (!union.has(text)) union.set(text, member);
  }
  return [...union.values()];
}

/** The second set, and before it what the first has under other hashes: the last of them all. */
function latest(first: Value | undefined, second: Value): readonly Value[] {
  const replaced = new Set(members(second).map(hashOf));
  const others = members(first).filter((member) => !replaced.has(hashOf(member)));
  return [...others, ...members(second)].slice(-LATEST);
}

function hashOf(member: Value): Value | undefined {
  return isFields(member) ? member["_hash"] : undefined;
}

function members(set: Value | undefined): readonly Value[] {
  return Array.isArray(set) ? set : [];
}
