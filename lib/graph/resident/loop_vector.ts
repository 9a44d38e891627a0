import type { Budget } from "../budget.ts";
import type { GraphArrays } from "./resident_graph.ts";
import type { Weights } from "./weights.ts";

/**
 * Sums, by attribute c, over those walks c–e2–b–e1–a–m that are not paths because a = c or m = e2. In
 * either case two events share two attributes, so the events that each pair of attributes has in
 * common are gone through, in Σ L² steps over the numbers L of attributes of the events.
 */
export async function loopsFromAll(
  graph: GraphArrays,
  weights: Weights,
  { one, budget }: { readonly one: Float64Array; readonly budget: Budget },
): Promise<Float64Array> {
  const { referenceCount, eventCount, referencesOf, eventsOf } = graph;
  const loops = new Float64Array(referenceCount);
  const pairs = new PairSums(graph, weights);
  const returns = new Float64Array(eventCount);
  const both = new Float64Array(referenceCount);
  for (let c = 0; c < referenceCount; c++) {
    // Objects have no weight: walks lead over attributes only.
    if (weights.attributes[c] === 0) continue;
    if (eventsOf.offsets[c + 1]! - eventsOf.offsets[c]! < 2) continue;
    for (let k = eventsOf.offsets[c]!; k < eventsOf.offsets[c + 1]!; k++) {
      const units = pairs.add(c, eventsOf.indices[k]!);
      if (budget.isDue(units)) await budget.yieldIfDue();
    }
    // a = c
    pairs.addLoops(c, { one, loops });
    for (let k = eventsOf.offsets[c]!; k < eventsOf.offsets[c + 1]!; k++) {
      const e = eventsOf.indices[k]!;
      if (weights.threats[e] === 0) continue;
      returns[e]! += 2 * pairs.addReturns(c, e, both);
      if (budget.isDue(8)) await budget.yieldIfDue();
    }
    pairs.clear();
  }
  // m = e2, without those where a = c as well, which were counted already
  for (let e = 0; e < eventCount; e++) {
    if (returns[e] === 0) continue;
    const returning = weights.threats[e]! * weights.events[e]! * returns[e]!;
    for (let k = referencesOf.offsets[e]!; k < referencesOf.offsets[e + 1]!; k++) {
      loops[referencesOf.indices[k]!]! += returning;
    }
    if (budget.isDue(8)) await budget.yieldIfDue();
  }
  for (let c = 0; c < referenceCount; c++) {
    loops[c]! -= 2 * both[c]!;
    if (budget.isDue(1)) await budget.yieldIfDue();
  }
  return loops;
}

/**
 * What one attribute c has in common with each earlier one. Each pair is gone through once, for both
 * of its directions; as hubs come early, what is written to again and again lies close together.
 */
class PairSums {
  readonly #graph: GraphArrays;
  readonly #weights: Weights;
  /** By attribute b, over the common events: Σ f, Σ f·M, with M the threat of an event. */
  readonly #middles: Float64Array;
  readonly #ends: Float64Array;
  /** The same over pairs of different common events: Σ f·f′, Σ f·f′·(M + M′). */
  readonly #middlePairs: Float64Array;
  readonly #endPairs: Float64Array;
  readonly #met: number[] = [];

  constructor(graph: GraphArrays, weights: Weights) {
    this.#graph = graph;
    this.#weights = weights;
    this.#middles = new Float64Array(graph.referenceCount);
    this.#ends = new Float64Array(graph.referenceCount);
    this.#middlePairs = new Float64Array(graph.referenceCount);
    this.#endPairs = new Float64Array(graph.referenceCount);
  }

  /** Adds an event of c; returns the units of work. */
  add(c: number, e: number): number {
    const { offsets, indices } = this.#graph.referencesOf;
    const weight = this.#weights.events[e]!;
    if (weight === 0) return 1;
    const end = weight * this.#weights.threats[e]!;
    for (let k = offsets[e]!; k < offsets[e + 1]!; k++) {
      const b = indices[k]!;
      if (b >= c || this.#weights.attributes[b] === 0) continue;
      const middles = this.#middles[b]!;
      if (middles === 0) this.#met.push(b);
      this.#middlePairs[b]! += middles * weight;
      this.#endPairs[b]! += middles * end + weight * this.#ends[b]!;
      this.#middles[b] = middles + weight;
      this.#ends[b]! += end;
    }
    return 3 * (offsets[e + 1]! - offsets[e]!);
  }

  /**
   * Adds the loops from c over each b, and back from b over c: Σ f·f′·(2·one − M − M′), where `one`
   * is the threats of all events of the attribute where they begin. At most half of it is subtracted.
   */
  addLoops(
    c: number,
    { one, loops }: { readonly one: Float64Array; readonly loops: Float64Array },
  ): void {
    const { attributes } = this.#weights;
    for (const b of this.#met) {
      const weight = attributes[c]! * attributes[b]!;
      const [middles, ends] = [2 * this.#middlePairs[b]!, this.#endPairs[b]!];
      loops[c]! += weight * (one[c]! * middles - ends);
      loops[b]! += weight * (one[b]! * middles - ends);
    }
  }

  /**
   * Sums over the earlier attributes b of an event, and the other events that c and b have in common;
   * adds the weights of such walks that end in the event, for c and for each b.
   */
  addReturns(c: number, e: number, both: Float64Array): number {
    const { offsets, indices } = this.#graph.referencesOf;
    const { attributes, events, threats } = this.#weights;
    const weight = events[e]!;
    const end = weight * threats[e]!;
    let sum = 0;
    for (let k = offsets[e]!; k < offsets[e + 1]!; k++) {
      const b = indices[k]!;
      if (b >= c || attributes[b] === 0) continue;
      const returning = attributes[c]! * attributes[b]! * (this.#middles[b]! - weight);
      both[b]! += end * returning;
      sum += returning;
    }
    both[c]! += end * sum;
    return sum;
  }

  clear(): void {
    for (const b of this.#met) {
      this.#middles[b] = 0;
      this.#ends[b] = 0;
      this.#middlePairs[b] = 0;
      this.#endPairs[b] = 0;
    }
    this.#met.length = 0;
  }
}
