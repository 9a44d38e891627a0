import type { About, Family, Labels } from "./exposition.ts";
import { Series } from "./series.ts";

/** Counts what happened since the program started. */
export class Counter {
  readonly #about: About;
  readonly #counts = new Series(() => ({ value: 0 }));

  /** `known` are labels to be there from the start, at 0: the step from nothing to 1 is no rate. */
  constructor(about: About, known: readonly Labels[] = [{}]) {
    this.#about = about;
    for (const labels of known) this.#counts.at(labels);
  }

  add(labels: Labels = {}, by = 1): void {
    this.#counts.at(labels).value += by;
  }

  family(): Family {
    const samples = [...this.#counts].map(([labels, { value }]) => ({ labels, value }));
    return { ...this.#about, type: "counter", samples };
  }
}
