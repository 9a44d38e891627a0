import type { Family, MetricInfo, Sample } from "./exposition.ts";

/** Upper bounds of the buckets, in seconds: from one small entry to a query at its deadline. */
const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, Infinity];

/** A distribution of durations. */
export class Histogram {
  readonly #info: MetricInfo;
  readonly #counts = BOUNDS.map(() => 0);
  #sum = 0;

  constructor(info: MetricInfo) {
    this.#info = info;
  }

  /**
   * Records one duration. A negative one, from a clock that was set back, counts as 0: the sum must
   * not decrease.
   */
  observe(seconds: number): void {
    const duration = Math.max(0, seconds);
    const bucket = BOUNDS.findIndex((bound) => duration <= bound);
    this.#counts[bucket] = this.#counts[bucket]! + 1;
    this.#sum += duration;
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
    return { ...this.#info, type: "histogram", samples };
  }
}
