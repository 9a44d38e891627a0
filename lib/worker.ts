import { backoff } from "./backoff.ts";
import { AbortScope } from "./abort_scope.ts";
import { sleep } from "./sleep.ts";

/** Why unfinished claims are given back. */
const TOLD_TO_STOP = "The worker was told to stop";

/** Milliseconds for giving claims back; if the store is unreachable, their leases run out instead. */
const GIVE_BACK_MS = 1500;

/**
 * The longest rest in milliseconds. A lease that another worker takes and loses while this one rests
 * may wake nobody, so the worker looks again at least this often.
 */
const MAX_REST_MS = 30_000;

/** Work that is claimed under leases, in batches. */
export type Job<Claim> = {
  /** Claims at most `room` batches; returns none if there is no work. */
  readonly claim: (room: number) => Promise<readonly (readonly Claim[])[]>;
  /** Tells whether these claims may have killed a worker before; such a batch is worked on alone. */
  readonly isSuspect: (claims: readonly Claim[]) => boolean;
  /** Works on claims until all are settled; returns how many failed through no fault of the data. */
  readonly work: (claims: readonly Claim[]) => Promise<number>;
  /** Extends the leases. */
  readonly renew: (claims: readonly Claim[]) => Promise<void>;
  /** Returns unfinished claims to the store; settled ones stay as they are. */
  readonly giveBack: (claims: readonly Claim[], reason: string) => Promise<void>;
  /** Resolves when there may be work, after `ms` milliseconds, or when the signal aborts. */
  readonly waitForWork: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Receives every error of claiming, of a batch or of a lease. */
  readonly onError: (error: unknown) => void;
};

export type WorkerOptions = {
  /** Whether to stop when there is nothing left to claim. */
  readonly once: boolean;
  /** Batches worked on at the same time; at least 1. */
  readonly parallel: number;
  /** Milliseconds between renewals; a third of the lease. */
  readonly renewEvery: number;
  /** Milliseconds that running batches may take after the signal aborts. */
  readonly grace: number;
  /** Stops the worker: it claims no more, and finishes running batches or gives them back. */
  readonly signal: AbortSignal;
};

/**
 * Claims work and does it until the signal aborts or, with `once`, nothing is left. Rests only when
 * there is nothing to do or something failed. Returns the number of failures through no fault of the
 * data: claims that failed, and attempts to claim.
 */
export async function runWorker<Claim>(job: Job<Claim>, options: WorkerOptions): Promise<number> {
  return await new Worker(job, options).run();
}

class Worker<Claim> {
  readonly #job: Job<Claim>;
  readonly #options: WorkerOptions;
  /** Batches being worked on, each with a promise of its end. */
  readonly #running = new Map<readonly Claim[], Promise<void>>();
  #failures = 0;
  /** Unfinished batches, each with a reason, to be given back once the store answers again. */
  readonly #unfinished = new Map<readonly Claim[], string>();
  #failedSinceRest = false;
  /** Rests since work last succeeded; each makes the next one longer. */
  #rests = 0;

  constructor(job: Job<Claim>, options: WorkerOptions) {
    this.#job = job;
    this.#options = options;
  }

  async run(): Promise<number> {
    using scope = new AbortScope(this.#options.signal);
    const loop = this.#loop();
    await Promise.race([loop, scope.ended]);
    await this.#drain(loop);
    return this.#failures;
  }

  async #loop(): Promise<void> {
    const { signal, once } = this.#options;
    while (!signal.aborted) {
      const room = this.#options.parallel - this.#running.size;
      if (room <= 0) {
        await this.#waitForAnyBatch();
        continue;
      }
      const batches = await this.#claimBatches(room);
      for (const claims of batches) {
        if (signal.aborted) this.#unfinished.set(claims, TOLD_TO_STOP);
        else await this.#start(claims);
      }
      if (this.#failedSinceRest && !once) await this.#rest();
      else if (batches.length > 0) continue;
      else if (this.#running.size > 0) await this.#waitForBatchOrWork();
      else if (once) break;
      else await this.#rest();
    }
  }

  async #claimBatches(room: number): Promise<readonly (readonly Claim[])[]> {
    try {
      await this.#giveBackUnfinished();
      return await this.#job.claim(room);
    } catch (error) {
      this.#recordFailure(error);
      return [];
    }
  }

  async #giveBackUnfinished(): Promise<void> {
    for (const [claims, reason] of this.#unfinished) {
      await this.#job.giveBack(claims, reason);
      this.#unfinished.delete(claims);
    }
  }

  #recordFailure(error: unknown): void {
    this.#failures++;
    this.#failedSinceRest = true;
    this.#job.onError(error);
  }

  async #start(claims: readonly Claim[]): Promise<void> {
    const isSuspect = this.#job.isSuspect(claims);
    const batch = this.#runBatch(claims, isSuspect ? this.#waitForAllBatches() : Promise.resolve());
    this.#running.set(claims, batch);
    if (isSuspect) await this.#waitForAllBatches();
  }

  /** Works on one batch and keeps its leases alive meanwhile; never throws. */
  async #runBatch(claims: readonly Claim[], before: Promise<void>): Promise<void> {
    const timer = setInterval(() => this.#renew(claims), this.#options.renewEvery);
    try {
      await before;
      const failed = await this.#job.work(claims);
      this.#failures += failed;
      if (failed > 0) this.#failedSinceRest = true;
      else this.#rests = 0;
    } catch (error) {
      this.#unfinished.set(claims, String(error));
      this.#recordFailure(error);
    } finally {
      clearInterval(timer);
      this.#running.delete(claims);
    }
  }

  #renew(claims: readonly Claim[]): void {
    this.#job.renew(claims).catch(this.#job.onError);
  }

  async #waitForAnyBatch(): Promise<void> {
    using scope = new AbortScope(this.#options.signal);
    await Promise.race([...this.#running.values(), scope.ended]);
  }

  /** Waits until a batch ends or there is new work, which need not wait for the others. */
  async #waitForBatchOrWork(): Promise<void> {
    if (this.#options.once) return await this.#waitForAnyBatch();
    using scope = new AbortScope(this.#options.signal);
    const work = this.#job.waitForWork(MAX_REST_MS, scope.signal).catch((error) => {
      this.#job.onError(error);
      return sleep(1000, scope.signal);
    });
    await Promise.race([this.#waitForAnyBatch(), work]);
  }

  async #waitForAllBatches(): Promise<void> {
    await Promise.all([...this.#running.values()]);
  }

  async #rest(): Promise<void> {
    this.#failedSinceRest = false;
    const ms = Math.min(backoff(this.#rests++) * 1000, MAX_REST_MS);
    try {
      await this.#job.waitForWork(ms, this.#options.signal);
    } catch (error) {
      this.#job.onError(error);
      await sleep(Math.min(ms, 1000), this.#options.signal);
    }
  }

  /**
   * Waits for what is running, then gives unfinished batches back. An unreachable store may leave a
   * claim unanswered as well as a batch.
   */
  async #drain(loop: Promise<void>): Promise<void> {
    const { signal, grace } = this.#options;
    const allEnded = Promise.all([loop, this.#waitForAllBatches()]);
    if (signal.aborted) await waitAtMost(grace, allEnded);
    else await allEnded;
    for (const claims of this.#running.keys()) {
      this.#unfinished.set(claims, TOLD_TO_STOP);
    }
    await waitAtMost(GIVE_BACK_MS, this.#giveBackUnfinished().catch(this.#job.onError));
  }
}

/** Waits for the work to end, at most `ms` milliseconds. */
async function waitAtMost(ms: number, work: Promise<unknown>): Promise<void> {
  const done = new AbortController();
  await Promise.race([work, sleep(ms, done.signal)]);
  done.abort();
}
