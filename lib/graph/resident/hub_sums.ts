import type { Budget } from "../budget.ts";
import type { GraphArrays } from "./resident_graph.ts";
import type { Weights } from "./weights.ts";

/** Sums over the events that several attributes have in common. */
export type CommonSums = {
  /** Σ of the weights of the events. */
  readonly weights: number;
  /** Σ of the squares of the weights of the malicious ones. */
  readonly threats: number;
};

/** Events from which on an attribute is a hub. */
export const HUB_EVENTS = 4096;

/** Most hubs of one question; further ones are gone through like any attribute. */
const MAX_HUBS = 8;

/** Pairs and triples that are kept; each takes some 200 bytes. */
const MAX_KEPT = 50_000;

/** What pairs and triples of hubs have in common. Questions about events that hold them repeat it. */
export class HubSums {
  readonly #graph: GraphArrays;
  readonly #weights: Weights;
  readonly #hubEvents: number;
  readonly #kept = new Map<string, CommonSums>();

  constructor(graph: GraphArrays, weights: Weights, hubEvents: number) {
    this.#graph = graph;
    this.#weights = weights;
    this.#hubEvents = hubEvents;
  }

  /** Returns the largest hubs among the attributes, in ascending order of their events. */
  select(attributes: readonly number[]): readonly number[] {
    const { eventsOf: { offsets } } = this.#graph;
    const degree = (a: number) => offsets[a + 1]! - offsets[a]!;
    return attributes.filter((a) => degree(a) >= this.#hubEvents)
      .sort((a, b) => degree(a) - degree(b) || a - b).slice(-MAX_HUBS);
  }

  /** Computes what is not kept yet of the pairs and triples among the hubs, in ascending order. */
  async prepare(hubs: readonly number[], budget: Budget): Promise<void> {
    if (this.#kept.size > MAX_KEPT) this.#kept.clear();
    for (const [i, hub] of hubs.entries()) {
      const others = hubs.slice(i + 1);
      if (
        others.some((other) => !this.#kept.has(`${hub} ${other}`)) || this.#lacksTriple(hub, others)
      ) {
        await this.#scan(hub, others, budget);
      }
    }
  }

  /** What two or three hubs have in common, given in the order in which they were prepared. */
  common(...hubs: readonly number[]): CommonSums {
    return this.#kept.get(hubs.join(" "))!;
  }

  #lacksTriple(hub: number, others: readonly number[]): boolean {
    return others.some((b, i) =>
      others.slice(i + 1).some((c) => !this.#kept.has(`${hub} ${b} ${c}`))
    );
  }

  /** Goes through the events of a hub, and notes which of the others each of them holds. */
  async #scan(hub: number, others: readonly number[], budget: Budget): Promise<void> {
    const { eventsOf, referencesOf } = this.#graph;
    const masks = new Map(others.map((other, i) => [other, 1 << i]));
    const weights = new Float64Array(1 << others.length);
    const threats = new Float64Array(1 << others.length);
    for (let k = eventsOf.offsets[hub]!; k < eventsOf.offsets[hub + 1]!; k++) {
      const e = eventsOf.indices[k]!;
      const weight = this.#weights.events[e]!;
      if (weight === 0) continue;
      const [start, end] = [referencesOf.offsets[e]!, referencesOf.offsets[e + 1]!];
      let mask = 0;
      for (let i = start; i < end; i++) mask |= masks.get(referencesOf.indices[i]!) ?? 0;
      weights[mask]! += weight;
      threats[mask]! += weight * this.#weights.threats[e]!;
      if (budget.isDue(5 * (end - start))) await budget.yieldIfDue();
    }
    const sumOver = (wanted: number): CommonSums => {
      const masks = Array.from(weights.keys()).filter((mask) => (mask & wanted) === wanted);
      return {
        weights: masks.reduce((sum, mask) => sum + weights[mask]!, 0),
        threats: masks.reduce((sum, mask) => sum + threats[mask]!, 0),
      };
    };
    others.forEach((b, i) => {
      this.#kept.set(`${hub} ${b}`, sumOver(1 << i));
      others.slice(i + 1).forEach((c, j) =>
        this.#kept.set(`${hub} ${b} ${c}`, sumOver(1 << i | 1 << i + 1 + j))
      );
    });
  }
}
