import { setImmediate as nextTurn } from "node:timers/promises";

/** Milliseconds of work after which timers and I/O get their turn. */
const YIELD_INTERVAL = 20;

/** The same for work for which nobody waits: an answer may need several turns. */
export const BACKGROUND_YIELD_INTERVAL = 4;

/** Units of work after which the clock is read: about ten microseconds' worth. */
const UNITS_PER_CHECK = 10_000;

/** Time limit of a long computation, which also keeps it from holding up timers and I/O. */
export class Budget {
  readonly #end: number;
  readonly #yieldInterval: number;
  #nextYield: number;
  #units = 0;

  /** Starts a budget of this many seconds. */
  constructor(seconds: number, yieldInterval = YIELD_INTERVAL) {
    const now = performance.now();
    this.#end = now + 1000 * seconds;
    this.#yieldInterval = yieldInterval;
    this.#nextYield = now + yieldInterval;
  }

  get expired(): boolean {
    return performance.now() >= this.#end;
  }

  /**
   * Counts work, about one unit for each number that is read; true if {@link yieldIfDue} should be
   * called. It is cheap enough for inner loops, since it does not read the clock.
   */
  isDue(units: number): boolean {
    this.#units += units;
    return this.#units >= UNITS_PER_CHECK;
  }

  /** Lets timers and I/O run, if they last ran more than the interval ago (usually 20 ms). */
  async yieldIfDue(): Promise<void> {
    this.#units = 0;
    if (performance.now() < this.#nextYield) return;
    await nextTurn();
    this.#nextYield = performance.now() + this.#yieldInterval;
  }
}
