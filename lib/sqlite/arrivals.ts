import { sleep } from "../sleep.ts";
import type { Changes } from "./changes.ts";
import type { Prepare } from "./sqlite.ts";

/**
 * Milliseconds until the next look for new work: soon after a write, which may not be readable yet,
 * then later and later, until it must be. Where writes are not told of, as often as work may wait.
 */
const SOON = 2;
const SURELY = 500;
const OFTEN = 75;

/** Says that there is new work in a collection, to whoever waits for it in any process. */
export function announce(prepare: Prepare, collection: number): void {
  prepare("UPDATE collections SET arrivals = arrivals + 1 WHERE id = ?").run(collection);
}

function countArrivals(prepare: Prepare, collection: number): number {
  const row = prepare("SELECT arrivals FROM collections WHERE id = ?").get(collection);
  return row === undefined ? 0 : Number(row["arrivals"]);
}

/** A job on the collection in which work arrives. */
type Look<T> = (prepare: Prepare, collection: number) => T;

/** Tells when work that is held now comes free, in seconds since 1970: the first after `since`. */
export type NextFree = (prepare: Prepare, collection: number, since: number) => number;

/** Waits for work in a collection. */
export class Arrivals {
  readonly #changes: Changes;
  readonly #nextFree: NextFree;
  /** The count of arrivals at the last claim, or the last look that found more. */
  #seen: number | undefined;

  constructor(changes: Changes, nextFree: NextFree) {
    this.#changes = changes;
    this.#nextFree = nextFree;
  }

  /** What has arrived by now is known: part of every claim. */
  saw(prepare: Prepare, collection: number): void {
    this.#seen = countArrivals(prepare, collection);
  }

  /** Resolves when work arrived or came free, after `ms` milliseconds, or when the signal aborts. */
  async wait(
    read: <T>(look: Look<T>) => Promise<T>,
    ms: number,
    signal: AbortSignal,
  ): Promise<void> {
    const start = Date.now();
    const seen = this.#seen ??= await read(countArrivals);
    let pause = this.#changes.age < SURELY ? SOON : this.#longest();
    while (!signal.aborted) {
      const changed = this.#changes.next();
      const [arrivals, free] = await read((prepare, collection) => [
        countArrivals(prepare, collection),
        this.#nextFree(prepare, collection, start / 1000),
      ]);
      if (arrivals !== seen) this.#seen = arrivals;
      const rest = Math.min(start + ms, free * 1000) - Date.now();
      if (arrivals !== seen || rest <= 0) return;
      await sleep(Math.min(pause, rest), changed, signal);
      // Many may write: their changes must not keep this one looking all the time.
      if (changed.aborted) await sleep(SOON, signal);
      pause = changed.aborted ? SOON : this.#later(pause);
    }
  }

  #later(pause: number): number {
    return pause < SURELY ? Math.min(4 * pause, this.#longest()) : this.#longest();
  }

  /** Every wake-up costs an idle machine a millisecond or two; to be told of a write, nothing. */
  #longest(): number {
    return this.#changes.areTold ? Infinity : OFTEN;
  }
}
