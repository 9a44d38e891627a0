import type { Event, Instance } from "./instance.ts";
import { LATEST_KEPT, MERGED_FIELDS, type MergeRule } from "./instances.ts";
import { writeJson } from "./json.ts";
import { type Fields, isFields, type Value } from "./value.ts";

type MergeValues = (stored: Value | undefined, added: Value) => Value;

const MERGE_BY_RULE: { readonly [rule in MergeRule]: MergeValues } = {
  union,
  latest,
  replace: (_, added) => added,
};

/**
 * Merges an instance that is put into the stored one of the same hash: its fields change as
 * {@link MERGED_FIELDS} says, and an event of unknown category takes over the other's category.
 */
export function mergeInstance<T extends Instance>(stored: T, added: Instance): T {
  const { itype } = stored;
  const [storedFields, addedFields] = [stored, added] as unknown as readonly [Fields, Fields];
  const changes: Record<string, Value> = {};
  for (const [name, rule] of Object.entries(MERGED_FIELDS[itype] ?? {})) {
    const value = addedFields[name];
    if (value !== undefined) changes[name] = MERGE_BY_RULE[rule](storedFields[name], value);
  }
  if (itype === "event" && stored.category === "unknown") {
    changes["category"] = (added as Event).category;
  }
  return { ...stored, ...changes };
}

/** Adds to the first set what it lacks of the second; members are equal if their JSON is. */
function union(first: Value | undefined, second: Value): readonly Value[] {
  const union = new Map<string, Value>();
  for (const member of [...membersIn(first), ...membersIn(second)]) {
    const json = writeJson(member);
    if (!union.has(json)) union.set(json, member);
  }
  return [...union.values()];
}

/** The last members of both sets; those of the second replace members with the same hash. */
function latest(first: Value | undefined, second: Value): readonly Value[] {
  const replaced = new Set(membersIn(second).map(memberHash));
  const others = membersIn(first).filter((member) => !replaced.has(memberHash(member)));
  return [...others, ...membersIn(second)].slice(-LATEST_KEPT);
}

function memberHash(member: Value): Value | undefined {
  return isFields(member) ? member["_hash"] : undefined;
}

function membersIn(set: Value | undefined): readonly Value[] {
  return Array.isArray(set) ? set : [];
}
