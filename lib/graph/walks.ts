import type { Neighbourhood } from "./neighbourhood.ts";
import type { Pace } from "./pace.ts";

/**
 * Walks are named p–c–e2–b–e1–a–m: from the asked event p over the attributes c, b, a and the events
 * e2, e1 to a malicious event m; shorter ones lack the middle.
 */
export type Arrivals = {
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

export async function arrivals(graph: Neighbourhood, pace: Pace): Promise<Arrivals> {
  const starts = new Float64Array(graph.attributes.length);
  const reached = new Float64Array(graph.events.length);
  const { attributesOf, eventsOf, attributeWeights } = graph;
  for (let i = 0; i < attributesOf.starts[1]!; i++) {
    const c = attributesOf.items[i]!;
    starts[c] = attributeWeights[c]!;
    if (starts[c] === 0) continue;
    for (let k = eventsOf.starts[c]!; k < eventsOf.starts[c + 1]!; k++) {
      reached[eventsOf.items[k]!]! += starts[c];
      if (pace.isDue(1)) await pace.breathe();
    }
  }
  const threatened = await sumThreats(graph, pace);
  return { starts, reached, threatened, middle: await findMiddle(graph, reached, pace) };
}

async function sumThreats(graph: Neighbourhood, pace: Pace): Promise<Float64Array> {
  const { attributesOf: { starts, items }, threats } = graph;
  const threatened = new Float64Array(graph.attributes.length);
  for (let e = 0; e < threats.length; e++) {
    if (threats[e] === 0) continue;
    for (let k = starts[e]!; k < starts[e + 1]!; k++) threatened[items[k]!]! += threats[e]!;
    if (pace.isDue(starts[e + 1]! - starts[e]!)) await pace.breathe();
  }
  return threatened;
}

async function findMiddle(
  { attributesOf: { starts, items }, open }: Neighbourhood,
  reached: Float64Array,
  pace: Pace,
): Promise<number[]> {
  const found = new Uint8Array(open.length);
  const middle: number[] = [];
  for (let e = 0; e < reached.length; e++) {
    if (reached[e] === 0) continue;
    for (let k = starts[e]!; k < starts[e + 1]!; k++) {
      const b = items[k]!;
      if (open[b] || found[b]) continue;
      found[b] = 1;
      middle.push(b);
    }
    if (pace.isDue(starts[e + 1]! - starts[e]!)) await pace.breathe();
  }
  return middle;
}

/** Takes time in proportion to the edges, whatever the number of walks. */
export async function sumWalks(graph: Neighbourhood, at: Arrivals, pace: Pace): Promise<WalkSums> {
  const short = sumTwo(graph, at);
  const longer = await sumFour(graph, at, pace);
  const six = await sumSix(graph, at, pace);
  const unseen = short.unseen + longer.unseen + six.unseen;
  return { two: short.sum, four: longer.sum, six: six.sum, unseen };
}

// However many walks go on from an attribute, together they weigh at most what arrives there: of
// what arrives at an attribute, at most all is shared out among its events; of what arrives at an
// event, one share ends there if it is malicious, the others go on to its other attributes.

function sumTwo(graph: Neighbourhood, { starts, threatened }: Arrivals) {
  const { attributesOf: { starts: from, items }, open } = graph;
  let sum = 0;
  let unseen = 0;
  for (let i = 0; i < from[1]!; i++) {
    const c = items[i]!;
    if (open[c]) unseen++;
    else sum += starts[c]! * threatened[c]!;
  }
  return { sum, unseen };
}

async function sumFour(graph: Neighbourhood, at: Arrivals, pace: Pace) {
  const { attributesOf: { starts, items }, eventWeights, threats, attributeWeights, open } = graph;
  let sum = 0;
  let unseen = 0;
  for (let e = 0; e < at.reached.length; e++) {
    if (at.reached[e] === 0) continue;
    for (let k = starts[e]!; k < starts[e + 1]!; k++) {
      const a = items[k]!;
      const arriving = eventWeights[e]! * (at.reached[e]! - at.starts[a]!);
      if (open[a]) unseen += arriving;
      else sum += arriving * attributeWeights[a]! * (at.threatened[a]! - threats[e]!);
    }
    if (pace.isDue(starts[e + 1]! - starts[e]!)) await pace.breathe();
  }
  return { sum, unseen };
}

async function sumSix(graph: Neighbourhood, at: Arrivals, pace: Pace) {
  const { eventsOf: { starts, items }, eventWeights, threats, attributeWeights } = graph;
  const ends = new Ends(graph, at);
  let sum = 0;
  let unseen = 0;
  for (const b of at.middle) {
    // Over all pairs of different events, without a difference: both come in either role.
    let pairs = 0;
    let unseenPairs = 0;
    let before = 0;
    let behind = 0;
    let unseenBehind = 0;
    for (let k = starts[b]!; k < starts[b + 1]!; k++) {
      const e = items[k]!;
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
      if (pace.isDue(4)) await pace.breathe();
    }
    sum += attributeWeights[b]! * pairs;
    unseen += attributeWeights[b]! * unseenPairs;
  }
  return { sum, unseen };
}

/** What follows an event e1, computed when it is first asked for. */
class Ends {
  readonly #graph: Neighbourhood;
  readonly #at: Arrivals;
  readonly #sums: Float64Array;
  readonly #open: Uint32Array;

  constructor(graph: Neighbourhood, at: Arrivals) {
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
    const { attributesOf: { starts, items }, threats, attributeWeights, open } = this.#graph;
    let sum = 0;
    for (let k = starts[e]!; k < starts[e + 1]!; k++) {
      const a = items[k]!;
      if (open[a]) this.#open[e]!++;
      else sum += attributeWeights[a]! * (this.#at.threatened[a]! - threats[e]!);
    }
    this.#sums[e] = sum;
  }
}
