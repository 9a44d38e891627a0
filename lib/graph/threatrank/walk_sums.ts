import type { Neighbourhood } from "./neighbourhood.ts";
import type { Budget } from "../budget.ts";

/**
 * Walks are named p–c–e2–b–e1–a–m: from the asked event p over the attributes c, b, a and the events
 * e2, e1 to a malicious event m; shorter ones lack the middle.
 */
export type PartialSums = {
  /** By attribute: its weight if p holds it, else 0. */
  readonly starts: Float64Array;
  /** By event: Σ `starts` of its attributes. */
  readonly reached: Float64Array;
  /** By attribute: Σ `threats` of its events. */
  readonly threatened: Float64Array;
  /** The attributes b, open ones left out. */
  readonly middle: readonly number[];
};

export type WalkSums = {
  /** Σ of the paths p–c–m. */
  readonly two: number;
  /** Σ of the paths p–c–e–a–m. */
  readonly four: number;
  /**
   * Σ of the walks p–c–e2–b–e1–a–m of which no two neighbours of a kind are equal. Those with a = c
   * or m = e2 are no paths.
   */
  readonly six: number;
  /** What all paths through open attributes together add is between 0 and this. */
  readonly unseen: number;
};

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

/** Takes time in proportion to the edges, whatever the number of walks. */
export async function sumWalks(
  graph: Neighbourhood,
  at: PartialSums,
  budget: Budget,
): Promise<WalkSums> {
  const short = sumTwo(graph, at);
  const longer = await sumFour(graph, at, budget);
  const six = await sumSix(graph, at, budget);
  const unseen = short.unseen + longer.unseen + six.unseen;
  return { two: short.sum, four: longer.sum, six: six.sum, unseen };
}

// However many walks go on from an attribute, together they weigh at most what arrives there: of
// what arrives at an attribute, at most all is shared out among its events; of what arrives at an
// event, one share ends there if it is malicious, the others go on to its other attributes.

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

async function sumFour(graph: Neighbourhood, at: PartialSums, budget: Budget) {
  const { attributesOf: { offsets, indices }, eventWeights, threats, attributeWeights, open } =
    graph;
  let sum = 0;
  let unseen = 0;
  for (let e = 0; e < at.reached.length; e++) {
    if (at.reached[e] === 0) continue;
    for (let k = offsets[e]!; k < offsets[e + 1]!; k++) {
      const a = indices[k]!;
      const arriving = eventWeights[e]! * (at.reached[e]! - at.starts[a]!);
      if (open[a]) unseen += arriving;
      else sum += arriving * attributeWeights[a]! * (at.threatened[a]! - threats[e]!);
    }
    if (budget.isDue(offsets[e + 1]! - offsets[e]!)) await budget.yieldIfDue();
  }
  return { sum, unseen };
}

async function sumSix(graph: Neighbourhood, at: PartialSums, budget: Budget) {
  const { eventsOf: { offsets, indices }, eventWeights, threats, attributeWeights } = graph;
  const ends = new TailSums(graph, at);
  let sum = 0;
  let unseen = 0;
  for (const b of at.middle) {
    // Over all pairs of different events, without a difference: both come in either role.
    let pairs = 0;
    let unseenPairs = 0;
    let before = 0;
    let behind = 0;
    let unseenBehind = 0;
    for (let k = offsets[b]!; k < offsets[b + 1]!; k++) {
      const e = indices[k]!;
      const weight = eventWeights[e]!;
      const arriving = weight * (at.reached[e]! - at.starts[b]!);
      const direct = attributeWeights[b]! * (at.threatened[b]! - threats[e]!);
      const ending = weight * (ends.sum(e) - direct);
      const missing = weight * ends.open(e);
      pairs += before * ending + arriving * behind;
      unseenPairs += before * missing + arriving * unseenBehind;
      before += arriving;
      behind += ending;
      unseenBehind += missing;
      if (budget.isDue(4)) await budget.yieldIfDue();
    }
    sum += attributeWeights[b]! * pairs;
    unseen += attributeWeights[b]! * unseenPairs;
  }
  return { sum, unseen };
}

/** What follows an event e1, computed when it is first asked for. */
class TailSums {
  readonly #graph: Neighbourhood;
  readonly #at: PartialSums;
  readonly #sums: Float64Array;
  readonly #open: Uint32Array;

  constructor(graph: Neighbourhood, at: PartialSums) {
    this.#graph = graph;
    this.#at = at;
    this.#sums = new Float64Array(graph.events.length).fill(NaN);
    this.#open = new Uint32Array(graph.events.length);
  }

  /** Σ of e–a–m over the event's attributes, without its own weight. */
  sum(e: number): number {
    if (Number.isNaN(this.#sums[e]!)) this.#look(e);
    return this.#sums[e]!;
  }

  /** How many of the event's attributes are open. Ask for the sum first. */
  open(e: number): number {
    return this.#open[e]!;
  }

  #look(e: number): void {
    const { attributesOf: { offsets, indices }, threats, attributeWeights, open } = this.#graph;
    let sum = 0;
    for (let k = offsets[e]!; k < offsets[e + 1]!; k++) {
      const a = indices[k]!;
      if (open[a]) this.#open[e]!++;
      else sum += attributeWeights[a]! * (this.#at.threatened[a]! - threats[e]!);
    }
    this.#sums[e] = sum;
  }
}
