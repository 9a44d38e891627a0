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
    if (one[c] === 0 || weights.attributes[c] === 0) continue;
    if (eventsOf.offsets[c + 1]! - eventsOf.offsets[c]! < 2) continue;
    for (let k = eventsOf.offsets[c]!; k < eventsOf.offsets[c + 1]!; k++) {
      const units = pairs.add(c, eventsOf.indices[k]!, one[c]!);
      if (budget.isDue(units)) await budget.yieldIfDue();
    }
    // a = c
    loops[c] = weights.attributes[c]! * pairs.sum();
    for (let k = eventsOf.offsets[c]!; k < eventsOf.offsets[c + 1]!; k++) {
      const e = eventsOf.indices[k]!;
      if (weights.threats[e] === 0) continue;
      const returning = weights.attributes[c]! * pairs.others(c, e);
      returns[e]! += returning;
      both[c]! += weights.threats[e]! * weights.events[e]! * returning;
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

/** What one attribute c has in common with each other one. */
class PairSums {
  readonly #graph: GraphArrays;
  readonly #weights: Weights;
  /** By attribute b, over the common events: Σ f, Σ f·(threats of c but this event's). */
  readonly #middles: Float64Array;
  readonly #ends: Float64Array;
  /** Σ over pairs of different common events, the first as e2 and the second as e1. */
  readonly #pairs: Float64Array;
  readonly #met: number[] = [];

  constructor(graph: GraphArrays, weights: Weights) {
    this.#graph = graph;
    this.#weights = weights;
    this.#middles = new Float64Array(graph.referenceCount);
    this.#ends = new Float64Array(graph.referenceCount);
    this.#pairs = new Float64Array(graph.referenceCount);
  }

  /** Adds an event of c; returns the units of work. `threats` is the sum over c's events. */
  add(c: number, e: number, threats: number): number {
    const { offsets, indices } = this.#graph.referencesOf;
    const weight = this.#weights.events[e]!;
    if (weight === 0) return 1;
    const end = weight * (threats - this.#weights.threats[e]!);
    for (let k = offsets[e]!; k < offsets[e + 1]!; k++) {
      const b = indices[k]!;
      if (b === c || this.#weights.attributes[b] === 0) continue;
      if (this.#middles[b] === 0) this.#met.push(b);
      this.#pairs[b]! += this.#middles[b]! * end + weight * this.#ends[b]!;
      this.#middles[b]! += weight;
      this.#ends[b]! += end;
    }
    return 3 * (offsets[e + 1]! - offsets[e]!);
  }

  /** Σ over all b of the pairs, with the weight of b. */
  sum(): number {
    return this.#met.reduce((sum, b) => sum + this.#weights.attributes[b]! * this.#pairs[b]!, 0);
  }

  /** Σ over the attributes b of an event, and the other events that c and b have in common. */
  others(c: number, e: number): number {
    const { offsets, indices } = this.#graph.referencesOf;
    let sum = 0;
    for (let k = offsets[e]!; k < offsets[e + 1]!; k++) {
      const b = indices[k]!;
      if (b === c) continue;
      sum += this.#weights.attributes[b]! * (this.#middles[b]! - this.#weights.events[e]!);
    }
    return sum;
  }

  clear(): void {
    for (const b of this.#met) {
      this.#middles[b] = 0;
      this.#ends[b] = 0;
      this.#pairs[b] = 0;
    }
    this.#met.length = 0;
  }
}
