import type { About, Family, Sample } from "./exposition.ts";

/** Upper ends of the buckets, in seconds: from one small entry to a query at its deadline. */
const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, Infinity];

/** How long things took. */
export class Histogram {
  readonly #about: About;
  readonly #counts = BOUNDS.map(() => 0);
  #sum = 0;

  constructor(about: About) {
    this.#about = about;
  }

  /** Less than nothing, from a clock that was set back, counts as nothing: a sum must not fall. */
  observe(seconds: number): void {
    const spent = Math.max(0, seconds);
    const bucket = BOUNDS.findIndex((bound) => spent <= bound);
    this.#counts[bucket] = this.#counts[bucket]! + 1;
    this.#sum += spent;
  }

  family(): Family {
    let count = 0;
    const buckets = BOUNDS.map((bound, index): Sample => {
      count += this.#counts[index]!;
      const le = bound === Infinity ? "+Inf" : String(bound);
      return { suffix: "_bucket", labels: { le }, value: count };
    });
    const samples: Sample[] = [
      ...buckets,
      { suffix: "_sum", labels: {}, value: this.#sum },
      { suffix: "_count", labels: {}, value: count },
    ];
    return { ...this.#about, type: "histogram", samples };
  }
}
