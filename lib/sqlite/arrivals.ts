import { nowSeconds } from "../clock.ts";
import { sleep } from "../sleep.ts";
import type { OpenCollection } from "./collection.ts";
import type { WriteWatcher } from "./write_watcher.ts";

/** Milliseconds until the check after a write was noticed, which may not be readable yet. */
const FIRST_PAUSE = 2;

/** Milliseconds after which a write that was noticed is readable for certain. */
const READABLE_AFTER = 500;

/** Milliseconds between checks where no writes are reported: how long work may wait. */
const POLL_INTERVAL = 75;

/** Tells the workers of all processes that there is new work in a collection. */
export function announce({ prepare, id }: OpenCollection): void {
  prepare("UPDATE collections SET arrivals = arrivals + 1 WHERE id = ?").run(id);
}

function countArrivals({ prepare, id }: OpenCollection): number {
  const row = prepare("SELECT arrivals FROM collections WHERE id = ?").get(id);
  return row === undefined ? 0 : Number(row["arrivals"]);
}

/**
 * Returns when work that is held now comes due: the first such time after `since`, in seconds since
 * 1970; Infinity if there is none.
 */
export type NextDue = (collection: OpenCollection, since: number) => number;

/** Runs a task that reads the collection in which work arrives. */
type Read = <T>(task: (collection: OpenCollection) => T) => Promise<T>;

/** Waits for work in a collection. */
export class Arrivals {
  readonly #watcher: WriteWatcher;
  readonly #nextDue: NextDue;
  /** The count of arrivals at the last claim, or at the last check that found more. */
  #seen: number | undefined;

  constructor(watcher: WriteWatcher, nextDue: NextDue) {
    this.#watcher = watcher;
    this.#nextDue = nextDue;
  }

  /** Marks everything that has arrived so far as known. Every claim does this in its own task. */
  markSeen(collection: OpenCollection): void {
    this.#seen = countArrivals(collection);
  }

  /** Resolves when work arrives or comes due, after `ms` milliseconds, or when `signal` aborts. */
  async wait(read: Read, { ms, signal }: { ms: number; signal: AbortSignal }): Promise<void> {
    // Only leases are times of the wall clock, which may be set while this waits.
    const start = nowSeconds();
    const end = performance.now() + ms;
    const seen = this.#seen ??= await read(countArrivals);
    let pause = this.#watcher.msSinceWrite < READABLE_AFTER ? FIRST_PAUSE : this.#longestPause();
    while (!signal.aborted) {
      const written = this.#watcher.nextWrite();
      const [arrivals, due] = await read((collection) => [
        countArrivals(collection),
        this.#nextDue(collection, start),
      ]);
      if (arrivals !== seen) this.#seen = arrivals;
      const rest = Math.min(end - performance.now(), (due - nowSeconds()) * 1000);
      if (arrivals !== seen || rest <= 0) return;
      await sleep(Math.min(pause, rest), written, signal);
      // Many processes may write: their writes must not keep this one checking without a pause.
      if (written.aborted) await sleep(FIRST_PAUSE, signal);
      pause = written.aborted ? FIRST_PAUSE : this.#lengthen(pause);
    }
  }

  /** Later and later after a write, until it must be readable. */
  #lengthen(pause: number): number {
    return pause < READABLE_AFTER
      ? Math.min(4 * pause, this.#longestPause())
      : this.#longestPause();
  }

  /** A wake-up costs an idle machine a millisecond or two; a wait for a reported write, nothing. */
  #longestPause(): number {
    return this.#watcher.isWatching ? Infinity : POLL_INTERVAL;
  }
}
