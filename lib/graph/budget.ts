import { setImmediate as turn } from "node:timers/promises";

/** Milliseconds of work between two breaths. */
const BREATH = 20;

/** Units of work between two looks at the clock: some ten microseconds' worth. */
const LOOK = 10_000;

/** Keeps long computations from holding up timers and I/O, and tells when their time is over. */
export class Budget {
  readonly #end: number;
  #next: number;
  #units = 0;

  /** Time is over so many seconds from now. */
  constructor(seconds: number) {
    const now = performance.now();
    this.#end = now + 1000 * seconds;
    this.#next = now + BREATH;
  }

  get expired(): boolean {
    return performance.now() >= this.#end;
  }

  /** Whether to breathe, after so much more work: about a unit for each number that is read. */
  isDue(units: number): boolean {
    this.#units += units;
    return this.#units >= LOOK;
  }

  /** Lets timers and I/O have their turn, if the last one was a while ago. */
  async yieldIfDue(): Promise<void> {
    this.#units = 0;
    if (performance.now() < this.#next) return;
    await turn();
    this.#next = performance.now() + BREATH;
  }
}
