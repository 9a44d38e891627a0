import { setTimeout as sleep } from "node:timers/promises";
import type { Prepare } from "./sqlite.ts";

/** Milliseconds between two looks for new work; a look takes some 5 µs. */
const LOOK = 75;

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

/** Waits for work in a collection. */
export class Arrivals {
  readonly #anyFreed: (prepare: Prepare, collection: number, since: number) => boolean;
  /** The count of arrivals at the last claim, or the last look that found more. */
  #seen: number | undefined;

  /**
   * `anyFreed` tells whether work that was held came free between a time, in seconds since 1970,
   * and now.
   */
  constructor(anyFreed: (prepare: Prepare, collection: number, since: number) => boolean) {
    this.#anyFreed = anyFreed;
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
    const start = Date.now() / 1000;
    const end = performance.now() + ms;
    const seen = this.#seen ??= await read(countArrivals);
    while (!signal.aborted && performance.now() < end) {
      const found = await read((prepare, collection) => ({
        arrivals: countArrivals(prepare, collection),
        freed: this.#anyFreed(prepare, collection, start),
      }));
      if (found.arrivals !== seen) this.#seen = found.arrivals;
      if (found.arrivals !== seen || found.freed) return;
      const rest = Math.max(0, end - performance.now());
      // Rejects when the signal aborts, which the loop sees by itself.
      await sleep(Math.min(LOOK, rest), undefined, { signal }).catch(() => {});
    }
  }
}
