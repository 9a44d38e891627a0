import { type Child, distinctChildren, groupChildren } from "./children.ts";
import { eventHash } from "./hash.ts";
import type { Category, Event, Hash } from "./instance.ts";
import { checkSubType } from "./sub_type.ts";

export type EventOptions = {
  /** Hash of the organisation that reported the event. */
  readonly orgid: string;
  /** Seconds since 1970, UTC. */
  readonly timestamp: number | bigint;
  /** Descendants in a benign or a malicious context; none may be in both. */
  readonly benign?: Child | readonly Child[];
  readonly malicious?: Child | readonly Child[];
};

/** Descendants by their new context; `unknown` removes them from the other two. */
export type ChildrenByContext = { readonly [context in Category]?: Child | readonly Child[] };

/**
 * Something that happened at one moment, reported by one organisation. Its category starts as
 * unknown; the hash leaves out category and contexts.
 *
 * @throws {TypeError} when an argument has the wrong type.
 * @throws {RangeError} when an argument has the wrong value.
 */
export function event(
  subType: string,
  children: Child | readonly Child[],
  { orgid, timestamp, benign = [], malicious = [] }: EventOptions,
): Event {
  checkSubType(subType);
  if (typeof orgid !== "string") throw new TypeError("orgid must be a string");
  const grouped = groupChildren(children);
  const content = { sub_type: subType, orgid, timestamp: toSeconds(timestamp), data: grouped.data };
  const withoutContexts: Event = {
    itype: "event",
    orgid,
    timestamp: content.timestamp,
    category: "unknown",
    ...grouped,
    _ben_ref: [],
    _mal_ref: [],
    sub_type: subType,
    _hash: eventHash(content),
  };
  return setContext(withoutContexts, { benign, malicious });
}

// The existing system also accepts whole numbers and booleans as times; all are stored as floats.
function toSeconds(timestamp: unknown): number {
  switch (typeof timestamp) {
    case "number":
      return timestamp;
    case "bigint":
    case "boolean":
      return Number(timestamp);
    default:
      throw new TypeError("timestamp must be a number of seconds");
  }
}

/**
 * Returns the event with another category.
 *
 * @throws {RangeError} when there is no such category.
 */
export function setCategory(event: Event, category: Category): Event {
  if (!["benign", "malicious", "unknown"].includes(category)) {
    throw new RangeError(`Cannot set category ${category}: use benign, malicious or unknown`);
  }
  return { ...event, category };
}

/**
 * Returns the event with these descendants in these contexts; all others keep theirs.
 *
 * @throws {TypeError} when one of them is neither an attribute nor an object.
 * @throws {RangeError} when one of them is given two contexts or is not a descendant of the event, or
 * when there is no such context.
 */
export function setContext(event: Event, contexts: ChildrenByContext): Event {
  const benign = new Set(event._ben_ref);
  const malicious = new Set(event._mal_ref);
  const given = new Set<Hash>();
  const descendants = new Set(event._ref);
  for (const [context, children] of Object.entries(contexts)) {
    for (const hash of childHashes(children)) {
      if (given.has(hash)) {
        throw new RangeError(`Cannot set the context of ${hash}: it is given twice`);
      }
      given.add(hash);
      if (!descendants.has(hash)) {
        throw new RangeError(`Cannot set the context of ${hash}: it is not part of the event`);
      }
      benign.delete(hash);
      malicious.delete(hash);
      if (context === "benign") benign.add(hash);
      else if (context === "malicious") malicious.add(hash);
      else if (context !== "unknown") {
        throw new RangeError(`Cannot set context ${context}: use benign, malicious or unknown`);
      }
    }
  }
  return { ...event, _ben_ref: [...benign], _mal_ref: [...malicious] };
}

// Equal children count once within one context.
function childHashes(children: Child | readonly Child[]): ReadonlySet<Hash> {
  return new Set(distinctChildren(children).map((child) => child._hash));
}

/** The context of an instance in an event; also `unknown` if it is not part of the event. */
export function contextOf(event: Event, hash: Hash): Category {
  if (event._ben_ref.includes(hash)) return "benign";
  return event._mal_ref.includes(hash) ? "malicious" : "unknown";
}
