import type { Budget } from "../budget.ts";
import type { Neighbourhood } from "./neighbourhood.ts";

/**
 * Sums over the first or last edges of walks. Walks are written p–c–e2–b–e1–a–m: from the asked
 * event p over the attributes c, b, a and the events e2, e1 to a malicious event m; shorter ones
 * lack the middle.
 */
export type PartialSums = {
  /** By attribute: its weight if p holds it, otherwise 0. */
  readonly starts: Float64Array;
  /** By event: Σ `starts` of its attributes. */
  readonly reached: Float64Array;
  /** By attribute: Σ `threats` of its events. */
  readonly threatened: Float64Array;
  /** The attributes b that are not open. */
  readonly middle: readonly number[];
};

export type WalkSums = {
  /** Σ of the paths p–c–m. */
  readonly two: number;
  /** Σ of the paths p–c–e–a–m. */
  readonly four: number;
  /**
   * Σ of the walks p–c–e2–b–e1–a–m in which no two neighbours of a kind are equal. Those with a = c
   * or m = e2 are not paths.
   */
  readonly six: number;
  /** Upper bound of what all paths through open attributes would add. */
  readonly unseen: number;
};

/** Computes the partial sums from which {@link sumWalks} starts. */
export async function partialSums(graph: Neighbourhood, budget: Budget): Promise<PartialSums> {
  const starts = new Float64Array(graph.attributes.length);
  const reached = new Float64Array(graph.events.length);
  const { attributesOf, eventsOf, attributeWeights } = graph;
  for (let i = 0; i < attributesOf.offsets[1]!; i++) {
    const c = attributesOf.indices[i]!;
    starts[c] = attributeWeights[c]!;
    if (starts[c] === 0) continue;
    for (let k = eventsOf.offsets[c]!; k < eventsOf.offsets[c + 1]!; k++) {
      reached[eventsOf.indices[k]!]! += starts[c];
      if (budget.isDue(1)) await budget.yieldIfDue();
    }
  }
  const threatened = await sumThreats(graph, budget);
  return { starts, reached, threatened, middle: await findMiddle(graph, reached, budget) };
}

async function sumThreats(graph: Neighbourhood, budget: Budget): Promise<Float64Array> {
  const { attributesOf: { offsets, indices }, threats } = graph;
  const threatened = new Float64Array(graph.attributes.length);
  for (let e = 0; e < threats.length; e++) {
    if (threats[e] === 0) continue;
    for (let k = offsets[e]!; k < offsets[e + 1]!; k++) threatened[indices[k]!]! += threats[e]!;
    if (budget.isDue(offsets[e + 1]! - offsets[e]!)) await budget.yieldIfDue();
  }
  return threatened;
}

async function findMiddle(
  { attributesOf: { offsets, indices }, open }: Neighbourhood,
  reached: Float64Array,
  budget: Budget,
): Promise<number[]> {
  const found = new Uint8Array(open.length);
  const middle: number[] = [];
  for (let e = 0; e < reached.length; e++) {
    if (reached[e] === 0) continue;
    for (let k = offsets[e]!; k < offsets[e + 1]!; k++) {
      const b = indices[k]!;
      if (open[b] || found[b]) continue;
      found[b] = 1;
      middle.push(b);
    }
    if (budget.isDue(offsets[e + 1]! - offsets[e]!)) await budget.yieldIfDue();
  }
  return middle;
}

/** Sums the walks of each length, in time proportional to the edges, however many walks there are. */
export async function sumWalks(
  graph: Neighbourhood,
  partial: PartialSums,
  budget: Budget,
): Promise<WalkSums> {
  const two = sumTwo(graph, partial);
  const four = await sumFour(graph, partial, budget);
  const six = await sumSix(graph, partial, budget);
  const unseen = two.unseen + four.unseen + six.unseen;
  return { two: two.sum, four: four.sum, six: six.sum, unseen };
}

// However many walks continue from an attribute, together they weigh at most what arrives there. An
// attribute divides what arrives among its events. An event divides what arrives into shares: one
// ends there if the event is malicious, and the others continue to its other attributes.

function sumTwo(graph: Neighbourhood, { starts, threatened }: PartialSums) {
  const { attributesOf: { offsets: from, indices }, open } = graph;
  let sum = 0;
  let unseen = 0;
  for (let i = 0; i < from[1]!; i++) {
    const c = indices[i]!;
    if (open[c]) unseen++;
    else sum += starts[c]! * threatened[c]!;
  }
  return { sum, unseen };
}

async function sumFour(graph: Neighbourhood, partial: PartialSums, budget: Budget) {
  const { attributesOf: { offsets, indices }, eventWeights, threats, attributeWeights, open } =
    graph;
  let sum = 0;
  let unseen = 0;
  for (let e = 0; e < partial.reached.length; e++) {
    if (partial.reached[e] === 0) continue;
    for (let k = offsets[e]!; k < offsets[e + 1]!; k++) {
      const a = indices[k]!;
      const arriving = eventWeights[e]! * (partial.reached[e]! - partial.starts[a]!);
      if (open[a]) unseen += arriving;
      else sum += arriving * attributeWeights[a]! * (partial.threatened[a]! - threats[e]!);
    }
    if (budget.isDue(offsets[e + 1]! - offsets[e]!)) await budget.yieldIfDue();
  }
  return { sum, unseen };
}

async function sumSix(graph: Neighbourhood, partial: PartialSums, budget: Budget) {
  const { eventsOf: { offsets, indices }, eventWeights, threats, attributeWeights } = graph;
  const tails = new TailSums(graph, partial);
  let sum = 0;
  let unseen = 0;
  for (const b of partial.middle) {
    // Σ over all pairs of different events, each of them in either role. A product of two sums minus
    // the pairs of equal events would be shorter, but such a difference loses digits.
    let pairs = 0;
    let unseenPairs = 0;
    let arrivingBefore = 0;
    let endingBefore = 0;
    let missingBefore = 0;
    for (let k = offsets[b]!; k < offsets[b + 1]!; k++) {
      const e = indices[k]!;
      const weight = eventWeights[e]!;
      const arriving = weight * (partial.reached[e]! - partial.starts[b]!);
      const direct = attributeWeights[b]! * (partial.threatened[b]! - threats[e]!);
      const ending = weight * (tails.sum(e) - direct);
      const missing = weight * tails.openCount(e);
      pairs += arrivingBefore * ending + arriving * endingBefore;
      unseenPairs += arrivingBefore * missing + arriving * missingBefore;
      arrivingBefore += arriving;
      endingBefore += ending;
      missingBefore += missing;
      if (budget.isDue(4)) await budget.yieldIfDue();
    }
    sum += attributeWeights[b]! * pairs;
    unseen += attributeWeights[b]! * unseenPairs;
  }
  return { sum, unseen };
}

/** Sums over what follows an event e1, computed on first use. */
class TailSums {
  readonly #graph: Neighbourhood;
  readonly #partial: PartialSums;
  readonly #sums: Float64Array;
  readonly #openCounts: Uint32Array;

  constructor(graph: Neighbourhood, partial: PartialSums) {
    this.#graph = graph;
    this.#partial = partial;
    this.#sums = new Float64Array(graph.events.length).fill(NaN);
    this.#openCounts = new Uint32Array(graph.events.length);
  }

  /** Σ of e–a–m over the event's attributes, without the event's own weight. */
  sum(e: number): number {
    if (Number.isNaN(this.#sums[e]!)) this.#compute(e);
    return this.#sums[e]!;
  }

  /** Number of the event's attributes that are open; valid once {@link sum} was called. */
  openCount(e: number): number {
    return this.#openCounts[e]!;
  }

  #compute(e: number): void {
    const { attributesOf: { offsets, indices }, threats, attributeWeights, open } = this.#graph;
    let sum = 0;
    for (let k = offsets[e]!; k < offsets[e + 1]!; k++) {
      const a = indices[k]!;
      if (open[a]) this.#openCounts[e]!++;
      else sum += attributeWeights[a]! * (this.#partial.threatened[a]! - threats[e]!);
    }
    this.#sums[e] = sum;
  }
}
