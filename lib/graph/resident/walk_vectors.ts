import type { Budget } from "../budget.ts";
import type { GraphArrays } from "./resident_graph.ts";
import type { Weights } from "./weights.ts";

/**
 * Sums over the walks that lead from each attribute to malicious events, by the number of events on
 * them: c–m, c–e–a–m, c–e2–b–e1–a–m. Two neighbours of a kind are never equal.
 */
export type WalkVectors = {
  readonly one: Float64Array;
  readonly two: Float64Array;
  readonly three: Float64Array;
};

/** Sums the walks from every attribute at once, in three passes over the edges. */
export async function walksFromAll(
  graph: GraphArrays,
  weights: Weights,
  budget: Budget,
): Promise<WalkVectors> {
  const { eventCount, referenceCount, referencesOf: { offsets, indices } } = graph;
  const one = new Float64Array(referenceCount);
  const two = new Float64Array(referenceCount);
  const three = new Float64Array(referenceCount);
  for (let e = 0; e < eventCount; e++) {
    const threat = weights.threats[e]!;
    if (threat === 0) continue;
    for (let k = offsets[e]!; k < offsets[e + 1]!; k++) one[indices[k]!]! += threat;
    if (budget.isDue(offsets[e + 1]! - offsets[e]!)) await budget.yieldIfDue();
  }
  const steps = new WalkSteps(graph, weights, { one, two });
  for (let e = 0; e < eventCount; e++) {
    if (weights.events[e] === 0) continue;
    const onwards = steps.sumOne(e);
    for (let k = offsets[e]!; k < offsets[e + 1]!; k++) {
      two[indices[k]!]! += steps.twoBut(e, indices[k]!, onwards);
    }
    if (budget.isDue(2 * (offsets[e + 1]! - offsets[e]!))) await budget.yieldIfDue();
  }
  for (let e = 0; e < eventCount; e++) {
    if (weights.events[e] === 0) continue;
    const onwards = steps.sumOne(e);
    const further = steps.sumTwo(e, onwards);
    for (let k = offsets[e]!; k < offsets[e + 1]!; k++) {
      three[indices[k]!]! += steps.threeBut(e, indices[k]!, { onwards, further });
    }
    if (budget.isDue(4 * (offsets[e + 1]! - offsets[e]!))) await budget.yieldIfDue();
  }
  return { one, two, three };
}

/**
 * Steps of a walk over an event e. What must not follow is subtracted: each such walk contains a
 * path with fewer events that counts more, so that the difference loses no digits of the rank.
 */
export class WalkSteps {
  readonly #graph: GraphArrays;
  readonly #weights: Weights;
  readonly #walks: Pick<WalkVectors, "one" | "two">;

  constructor(graph: GraphArrays, weights: Weights, walks: Pick<WalkVectors, "one" | "two">) {
    this.#graph = graph;
    this.#weights = weights;
    this.#walks = walks;
  }

  /** Σ of e–a–m over the attributes of e, without the weight of e itself. */
  sumOne(e: number): number {
    const { referencesOf: { offsets, indices } } = this.#graph;
    let sum = 0;
    for (let k = offsets[e]!; k < offsets[e + 1]!; k++) sum += this.#one(e, indices[k]!);
    return sum;
  }

  /** Σ of b–e–a–m over the other attributes of e; `onwards` is {@link sumOne} of e. */
  twoBut(e: number, b: number, onwards: number): number {
    return this.#weights.events[e]! * (onwards - this.#one(e, b));
  }

  /** Σ of e–b–e1–a–m over the attributes of e, without the weight of e itself. */
  sumTwo(e: number, onwards: number): number {
    const { referencesOf: { offsets, indices } } = this.#graph;
    let sum = 0;
    for (let k = offsets[e]!; k < offsets[e + 1]!; k++) sum += this.#two(e, indices[k]!, onwards);
    return sum;
  }

  /** Σ of c–e–b–e1–a–m over the other attributes of e; `further` is {@link sumTwo} of e. */
  threeBut(e: number, c: number, { onwards, further }: EventSums): number {
    return this.#weights.events[e]! * (further - this.#two(e, c, onwards));
  }

  #one(e: number, a: number): number {
    return this.#weights.attributes[a]! * (this.#walks.one[a]! - this.#weights.threats[e]!);
  }

  #two(e: number, b: number, onwards: number): number {
    return this.#weights.attributes[b]! * (this.#walks.two[b]! - this.twoBut(e, b, onwards));
  }
}

type EventSums = { readonly onwards: number; readonly further: number };
