import type { ChangeStream, Collection, Document } from "mongodb";
import { AbortScope } from "../abort_scope.ts";
import { nowSeconds } from "../clock.ts";
import { sleep } from "../sleep.ts";
import type { Mongo } from "./open.ts";

/** Seconds between looks where the server cannot tell of changes, or is away. */
const lookEvery = 1;

/** Seconds between looks where it can. */
const lookAnyway = 3600;

/** Milliseconds that the server waits for a change before it says that there is none. */
const AWAIT = 60_000;

/** Why a wait ends without a look. */
const SURELY = "There is work";

/** Where work comes in, and how to look for it. */
export type Work = {
  readonly collection: Collection<Document>;
  /**
   * Picks the changes that may bring work. What comes out has `surely: true` if work that anybody may
   * claim came with it: nobody need look first.
   */
  readonly pipeline: Document[];
  /**
   * When there is work to claim, in seconds since 1970; Infinity if none is there. With `since`,
   * only work that comes due after that time counts, not what lies there already.
   */
  readonly nextDue: (since?: number) => Promise<number>;
};

/**
 * Waits for work in a collection: told by a change stream where there are any, else looking every
 * second. A change only makes it look, so one that is old or was missed does no harm.
 */
export class Arrivals {
  readonly #mongo: Mongo;
  readonly #work: Work;
  #stream: ChangeStream | undefined;
  /** Aborted at the next change. */
  #change = new AbortController();

  constructor(mongo: Mongo, work: Work) {
    this.#mongo = mongo;
    this.#work = work;
  }

  /**
   * Resolves when there is work, after `ms` milliseconds, or when the signal aborts; never throws.
   * Unless `drained`, what lies there is known and only new work counts: whoever failed with it
   * wants to rest.
   */
  async wait(
    { ms, signal, drained }: { ms: number; signal: AbortSignal; drained: boolean },
  ): Promise<void> {
    using wait = new AbortScope(signal);
    // A look may take seconds while the server is away; the end of the wait does not.
    await Promise.race([sleep(ms, wait.signal), this.#untilDue(wait.signal, drained)]);
  }

  async close(): Promise<void> {
    await this.#stream?.close();
  }

  async #untilDue(over: AbortSignal, drained: boolean): Promise<void> {
    const start = nowSeconds();
    while (!over.aborted) {
      const change = this.#change.signal;
      const due = await this.#look(over, drained ? undefined : start);
      const seconds = Math.min(due - nowSeconds(), this.#stream ? lookAnyway : lookEvery);
      if (seconds <= 0) return;
      await sleep(seconds * 1000, change, over);
      if (change.aborted && (change.reason === SURELY || !drained)) return;
    }
  }

  async #look(over: AbortSignal, since?: number): Promise<number> {
    try {
      await this.#watch(over);
      return await this.#work.nextDue(since);
    } catch {
      // Away: whoever claims will say so. Here it is enough to notice when it is back.
      return Infinity;
    }
  }

  async #watch(over: AbortSignal): Promise<void> {
    if (!this.#mongo.replicated || this.#stream !== undefined) return;
    const { collection, pipeline } = this.#work;
    // The stream starts at a time before the look: no change falls between the two.
    const { operationTime } = await this.#mongo.client.db(collection.dbName).command({ ping: 1 });
    if (over.aborted || this.#stream !== undefined) return;
    const stream = collection.watch(pipeline, {
      startAtOperationTime: operationTime,
      maxAwaitTimeMS: AWAIT,
    });
    this.#stream = stream;
    stream.on("change", (change: Document) => this.#changed(change["surely"] ? SURELY : undefined));
    // The next look meets what is wrong, too. "close" follows.
    stream.on("error", () => {});
    stream.on("close", () => {
      this.#stream = undefined;
      this.#changed();
    });
  }

  #changed(why?: typeof SURELY): void {
    this.#change.abort(why);
    this.#change = new AbortController();
  }
}
