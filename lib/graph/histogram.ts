/** Counts times by the interval that they are in. */
export class Histogram {
  readonly #bounds: readonly number[];
  /** One number for each bound: of the times from it up to the next, which is excluded. */
  readonly counts: number[];

  /** Starts with no times. `bounds` ascend; the last interval has no end. */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.counts = bounds.map(() => 0);
  }

  /** Counts a time, once or several times; one before the first bound is ignored. */
  add(time: number, times = 1): void {
    const index = this.#intervalOf(time);
    if (index >= 0) this.counts[index]! += times;
  }

  /** Index of the last bound that is not after the time; -1 if there is none. */
  #intervalOf(time: number): number {
    let [low, high] = [-1, this.#bounds.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.#bounds[middle]! <= time) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
