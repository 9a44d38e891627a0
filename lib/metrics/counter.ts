import type { Family, Labels, MetricInfo } from "./exposition.ts";
import { LabelMap } from "./label_map.ts";

/** A count of what has happened since the program started. */
export class Counter {
  readonly #info: MetricInfo;
  readonly #counts = new LabelMap(() => ({ value: 0 }));

  /**
   * `initial` lists the labels that start at 0: Prometheus cannot compute a rate from the step from
   * a missing sample to 1.
   */
  constructor(info: MetricInfo, initial: readonly Labels[] = [{}]) {
    this.#info = info;
    for (const labels of initial) this.#counts.getOrCreate(labels);
  }

  add(labels: Labels = {}, by = 1): void {
    this.#counts.getOrCreate(labels).value += by;
  }

  family(): Family {
    const samples = [...this.#counts].map(([labels, { value }]) => ({ labels, value }));
    return { ...this.#info, type: "counter", samples };
  }
}
