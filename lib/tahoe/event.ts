import { type Child, distinctChildren, groupChildren } from "./children.ts";
import { eventHash } from "./hash.ts";
import type { Category, Event, Hash } from "./instance.ts";
import { checkSubType } from "./sub_type.ts";

export type EventOptions = {
  readonly orgid: string;
  /** Seconds since 1970, UTC. */
  readonly timestamp: number | bigint;
  /** Descendants seen in a benign or a malicious context; none may be in both. */
  readonly benign?: Child | readonly Child[];
  readonly malicious?: Child | readonly Child[];
};

/** Descendants by the context they are to be seen in; `unknown` takes them out of both others. */
export type Contexts = { readonly [context in Category]?: Child | readonly Child[] };

/**
 * Something that happened at one moment and that one organisation reported. Its category starts as
 * unknown; category and contexts are no part of the hash.
 *
 * Throws TypeError or RangeError if a part has the wrong type or value.
 */
export function event(
  subType: string,
  children: Child | readonly Child[],
  { orgid, timestamp, benign = [], malicious = [] }: EventOptions,
): Event {
  checkSubType(subType);
  if (typeof orgid !== "string") throw new TypeError("orgid must be a text");
  const gathered = groupChildren(children);
  const content = { sub_type: subType, orgid, timestamp: seconds(timestamp), data: gathered.data };
  const plain: Event = {
    itype: "event",
    orgid,
    timestamp: content.timestamp,
    category: "unknown",
    ...gathered,
    _ben_ref: [],
    _mal_ref: [],
    sub_type: subType,
    _hash: eventHash(content),
  };
  return setContext(plain, { benign, malicious });
}

// The existing system takes whole numbers and booleans for times as well; all are stored as floats.
function seconds(timestamp: unknown): number {
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

/** The event in another category. Throws RangeError if there is no such category. */
export function setCategory(event: Event, category: Category): Event {
  if (!["benign", "malicious", "unknown"].includes(category)) {
    throw new RangeError(`No such category: ${category}. Use benign, malicious or unknown`);
  }
  return { ...event, category };
}

/**
 * The event with these descendants in these contexts, all others as they were.
 *
 * Throws TypeError if one is neither attribute nor object; RangeError if one is given two contexts,
 * is no descendant of the event, or if there is no such context.
 */
export function setContext(event: Event, contexts: Contexts): Event {
  const benign = new Set(event._ben_ref);
  const malicious = new Set(event._mal_ref);
  const given = new Set<Hash>();
  const held = new Set(event._ref);
  for (const [context, children] of Object.entries(contexts)) {
    for (const hash of hashesOf(children)) {
      if (given.has(hash)) throw new RangeError(`An instance cannot be in two contexts: ${hash}`);
      given.add(hash);
      if (!held.has(hash)) throw new RangeError(`Not part of the event: ${hash}`);
      benign.delete(hash);
      malicious.delete(hash);
      if (context === "benign") benign.add(hash);
      else if (context === "malicious") malicious.add(hash);
      else if (context !== "unknown") throw new RangeError(`No such context: ${context}`);
    }
  }
  return { ...event, _ben_ref: [...benign], _mal_ref: [...malicious] };
}

// Equal children count once within one context.
function hashesOf(children: Child | readonly Child[]): ReadonlySet<Hash> {
  return new Set(distinctChildren(children).map((child) => child._hash));
}

/** The context an instance is seen in; unknown also if the event does not hold it. */
export function contextOf(event: Event, hash: Hash): Category {
  if (event._ben_ref.includes(hash)) return "benign";
  return event._mal_ref.includes(hash) ? "malicious" : "unknown";
}
