import type { Budget } from "../budget.ts";
import type { GraphArrays } from "./resident_graph.ts";

/** Factors of nodes in the weight of a path. */
export type Weights = {
  /** By event: its decay with age, divided by its number of attributes; 0 if it is hidden. */
  readonly events: Float64Array;
  /** The same for malicious events, 0 for others. */
  readonly threats: Float64Array;
  /** By reference: 1 divided by its number of visible events; 0 if it is an object. */
  readonly attributes: Float64Array;
};

export type WeighOptions = {
  /** Numbers of the organisations whose events are visible. */
  readonly organisations: ReadonlySet<number>;
  /** Seconds since 1970, UTC. */
  readonly now: number;
  /** Factor by which an event's weight falls with each whole day of its age. */
  readonly decay: number;
  readonly budget: Budget;
};

const SECONDS_PER_DAY = 86_400;

/** Weighs every node as the given organisations see it. */
export async function weigh(
  { eventCount, referenceCount, timestamps, malicious, isObject, referencesOf, ...graph }:
    GraphArrays,
  { organisations, now, decay, budget }: WeighOptions,
): Promise<Weights> {
  const { offsets, indices } = referencesOf;
  const events = new Float64Array(eventCount);
  const threats = new Float64Array(eventCount);
  const attributes = new Float64Array(referenceCount);
  for (let e = 0; e < eventCount; e++) {
    if (!organisations.has(graph.organisations[e]!)) continue;
    let degree = 0;
    for (let k = offsets[e]!; k < offsets[e + 1]!; k++) {
      const a = indices[k]!;
      if (isObject[a]) continue;
      degree++;
      attributes[a]!++;
    }
    if (degree > 0) {
      const days = Math.max(0, Math.floor((now - timestamps[e]!) / SECONDS_PER_DAY));
      events[e] = decay ** days / degree;
      if (malicious[e]) threats[e] = events[e]!;
    }
    if (budget.isDue(5 + offsets[e + 1]! - offsets[e]!)) await budget.yieldIfDue();
  }
  for (let a = 0; a < referenceCount; a++) {
    if (attributes[a]! > 0) attributes[a] = 1 / attributes[a]!;
    if (budget.isDue(1)) await budget.yieldIfDue();
  }
  return { events, threats, attributes };
}
