import type { Budget } from "../budget.ts";
import type { Vectors } from "./vectors.ts";
import { WalkSteps } from "./walk_vectors.ts";

/**
 * Sums the weights of all paths of at most six edges from an event that is not malicious to a
 * malicious one: all walks, which are kept by attribute, without those over the event itself and
 * without those that are not paths. These contain a path with fewer events each, so that the sum is
 * exactly 0 if there is no path.
 */
export async function sumPaths(vectors: Vectors, asked: number, budget: Budget): Promise<number> {
  const { graph, weights, walks, loops } = vectors;
  const { offsets, indices } = graph.referencesOf;
  const steps = new WalkSteps(graph, weights, walks);
  const onwards = steps.sumOne(asked);
  const further = steps.sumTwo(asked, onwards);
  let sum = 0;
  for (let k = offsets[asked]!; k < offsets[asked + 1]!; k++) {
    const c = indices[k]!;
    const { attributes: { [c]: weight = 0 } } = weights;
    if (weight === 0) continue;
    // The event itself as the next one of a walk: c–p–a–m, c–p–b–e1–a–m.
    const two = walks.two[c]! - steps.twoBut(asked, c, onwards);
    const three = walks.three[c]! - steps.threeBut(asked, c, { onwards, further });
    sum += weight * (walks.one[c]! + two + three - loops[c]!);
    if (budget.isDue(10)) await budget.yieldIfDue();
  }
  const neighbours = new Neighbours(vectors, { asked, onwards, steps });
  return Math.max(0, sum - await neighbours.sum(budget));
}

type NeighboursOptions = {
  readonly asked: number;
  readonly onwards: number;
  readonly steps: WalkSteps;
};

/**
 * The events that share at least two attributes with the asked event p. Walks p–c–e–b–p–a–m lead
 * over p again, and must not count; those that are not paths for another reason as well, with a = c or
 * m = e, are in the kept sums of these, and must not be subtracted twice.
 *
 * For an event e and the attributes S that it shares with p, with σ = Σ g over S, they add up to
 *
 *     f(e) Σ_{c∈S} (σ − g(c)) h(c) + f(e) M(e) f(p) Σ_{c∈S} (σ − g(c)) g(c) (3 g(c) − σ)
 *
 * where h(c) = g(c) ρ(p, c) − 2 f(p) g(c)² μ(c).
 */
class Neighbours {
  readonly #vectors: Vectors;
  readonly #asked: number;
  readonly #weight: number;
  /** g and h of each of p's attributes. */
  readonly #shares = new Map<number, { readonly g: number; readonly h: number }>();
  readonly #hubs: readonly number[];

  constructor(vectors: Vectors, { asked, onwards, steps }: NeighboursOptions) {
    const { weights, walks } = vectors;
    this.#vectors = vectors;
    this.#asked = asked;
    this.#weight = weights.events[asked]!;
    for (const c of this.#referencesOf(asked)) {
      const g = weights.attributes[c]!;
      if (g === 0) continue;
      const h = g * steps.twoBut(asked, c, onwards) - 2 * this.#weight * g * g * walks.one[c]!;
      this.#shares.set(c, { g, h });
    }
    this.#hubs = vectors.hubs.select([...this.#shares.keys()]);
  }

  async sum(budget: Budget): Promise<number> {
    if (this.#shares.size < 2) return 0;
    await this.#vectors.hubs.prepare(this.#hubs, budget);
    return await this.#sumOverOthers(budget) + this.#sumOverHubs();
  }

  /** Sums over the events that share an attribute that is not a hub, without what hubs add. */
  async #sumOverOthers(budget: Budget): Promise<number> {
    const { graph: { eventsOf: { offsets, indices } }, weights } = this.#vectors;
    const hubs = new Set(this.#hubs);
    const seen = new Set([this.#asked]);
    let sum = 0;
    for (const c of this.#shares.keys()) {
      if (hubs.has(c)) continue;
      for (let k = offsets[c]!; k < offsets[c + 1]!; k++) {
        const e = indices[k]!;
        if (weights.events[e] === 0 || seen.has(e)) continue;
        seen.add(e);
        const shared = this.#referencesOf(e).filter((a) => this.#shares.has(a));
        sum += this.#sumOver(e, shared) - this.#sumOver(e, shared.filter((a) => hubs.has(a)));
        if (budget.isDue(20 + 10 * shared.length)) await budget.yieldIfDue();
      }
    }
    return sum;
  }

  /** Sums over what an event shares with p: the formula above. */
  #sumOver(e: number, shared: Uint32Array): number {
    if (shared.length < 2) return 0;
    const { events, threats } = this.#vectors.weights;
    let sigma = 0;
    for (const c of shared) sigma += this.#shares.get(c)!.g;
    let passing = 0;
    let ending = 0;
    for (const c of shared) {
      const { g, h } = this.#shares.get(c)!;
      passing += (sigma - g) * h;
      ending += (sigma - g) * g * (3 * g - sigma);
    }
    return events[e]! * (passing + threats[e]! * this.#weight * ending);
  }

  /** Sums over the events that share hubs, by pair and triple: the formula above, multiplied out. */
  #sumOverHubs(): number {
    const hubs = this.#hubs.map((hub) => ({ hub, ...this.#shares.get(hub)! }));
    let sum = 0;
    for (const [i, b] of hubs.entries()) {
      for (const [j, c] of hubs.entries()) {
        if (j <= i) continue;
        const { weights, threats } = this.#vectors.hubs.common(b.hub, c.hub);
        sum += (c.g * b.h + b.g * c.h) * (weights - this.#weight);
        sum += this.#weight * b.g * c.g * (b.g + c.g) * threats;
        for (const d of hubs.slice(j + 1)) {
          const { threats } = this.#vectors.hubs.common(b.hub, c.hub, d.hub);
          sum -= 6 * this.#weight * b.g * c.g * d.g * threats;
        }
      }
    }
    return sum;
  }

  #referencesOf(e: number): Uint32Array {
    const { offsets, indices } = this.#vectors.graph.referencesOf;
    return indices.subarray(offsets[e], offsets[e + 1]);
  }
}
