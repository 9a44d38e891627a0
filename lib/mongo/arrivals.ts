import type { ChangeStream, Collection, Document } from "mongodb";
import { AbortScope } from "../abort_scope.ts";
import { nowSeconds } from "../clock.ts";
import { sleep } from "../sleep.ts";
import type { Mongo } from "./open.ts";

/** Seconds between two checks while there is no change stream. */
const CHECK_INTERVAL = 1;

/** Seconds between two checks while a change stream reports what happens. */
const IDLE_CHECK_INTERVAL = 3600;

/** Milliseconds that the server waits for a change before it answers that there was none. */
const MAX_AWAIT = 60_000;

/** Reason of an abort: work has arrived for certain, so no check is needed. */
const SURELY = "There is work";

/** A collection in which work arrives, and how to check for work. */
export type WorkSource = {
  readonly collection: Collection<Document>;
  /**
   * Selects the changes that may bring work. A result with `surely: true` means that the change
   * brought work which any worker may claim, so no check is needed.
   */
  readonly pipeline: Document[];
  /**
   * Returns when work comes due, in seconds since 1970; Infinity if there is none. With `since`,
   * counts only work that comes due after that time, not what is due already.
   */
  readonly nextDue: (since?: number) => Promise<number>;
};

/**
 * Waits for work in a collection: with a change stream where the server has them, otherwise by a
 * check every second. A change only causes a check, so an old or a missed change does no harm.
 */
export class Arrivals {
  readonly #mongo: Mongo;
  readonly #source: WorkSource;
  #stream: ChangeStream | undefined;
  /** Aborted at the next change. */
  #change = new AbortController();

  constructor(mongo: Mongo, source: WorkSource) {
    this.#mongo = mongo;
    this.#source = source;
  }

  /**
   * Resolves when there is work, after `ms` milliseconds, or when the signal aborts; never throws.
   * `drained` says that the last claim found nothing. Otherwise the caller knows of work that it
   * does not want yet, because it has just failed with it, and only new work ends the wait.
   */
  async wait(
    { ms, signal, drained }: { ms: number; signal: AbortSignal; drained: boolean },
  ): Promise<void> {
    using wait = new AbortScope(signal);
    // While the server is away a check may take seconds; the wait must end in time all the same.
    await Promise.race([sleep(ms, wait.signal), this.#waitUntilDue(wait.signal, drained)]);
  }

  async close(): Promise<void> {
    await this.#stream?.close();
  }

  async #waitUntilDue(signal: AbortSignal, drained: boolean): Promise<void> {
    const start = nowSeconds();
    while (!signal.aborted) {
      const change = this.#change.signal;
      const due = await this.#check(signal, drained ? undefined : start);
      const interval = this.#stream ? IDLE_CHECK_INTERVAL : CHECK_INTERVAL;
      const seconds = Math.min(due - nowSeconds(), interval);
      if (seconds <= 0) return;
      await sleep(seconds * 1000, change, signal);
      if (change.aborted && (change.reason === SURELY || !drained)) return;
    }
  }

  /** Returns what `nextDue` returns; Infinity if the server is away. */
  async #check(signal: AbortSignal, since?: number): Promise<number> {
    try {
      await this.#watch(signal);
      return await this.#source.nextDue(since);
    } catch {
      // The next claim reports that the server is away; the wait only has to notice its return.
      return Infinity;
    }
  }

  /** Opens the change stream unless it is open or the server has none. */
  async #watch(signal: AbortSignal): Promise<void> {
    if (!this.#mongo.replicated || this.#stream !== undefined) return;
    const { collection, pipeline } = this.#source;
    // The stream starts at a time before the check, so no change falls between the two.
    const { operationTime } = await this.#mongo.client.db(collection.dbName).command({ ping: 1 });
    if (signal.aborted || this.#stream !== undefined) return;
    const stream = collection.watch(pipeline, {
      startAtOperationTime: operationTime,
      maxAwaitTimeMS: MAX_AWAIT,
    });
    this.#stream = stream;
    stream.on("change", (change: Document) => this.#notify(change["surely"] ? SURELY : undefined));
    // The next check meets the same fault. "close" follows.
    stream.on("error", () => {});
    stream.on("close", () => {
      this.#stream = undefined;
      this.#notify();
    });
  }

  #notify(reason?: typeof SURELY): void {
    this.#change.abort(reason);
    this.#change = new AbortController();
  }
}
