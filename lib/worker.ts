import { backoff } from "./backoff.ts";
import { AbortScope } from "./abort_scope.ts";
import { sleep } from "./sleep.ts";

const TOLD_TO_STOP = "The worker was told to stop";

/** Milliseconds for giving back; a store that is away by then lets the leases run out instead. */
const LAST_WORDS = 1500;

/**
 * A lease that another worker takes and loses while we rest may wake nobody: look again at least so
 * often, in milliseconds.
 */
const LONGEST_REST = 30_000;

/** Work that comes in claims under leases. */
export type Job<Claim> = {
  /** Claims what is there, at most `room` batches; none if there is nothing. */
  readonly claim: (room: number) => Promise<readonly (readonly Claim[])[]>;
  /** Whether these may be what killed a worker before: then nothing else is done beside them. */
  readonly isSuspect: (claims: readonly Claim[]) => boolean;
  /** Works on claims until all are settled; returns how many failed for reasons of ours. */
  readonly work: (claims: readonly Claim[]) => Promise<number>;
  /** Prolongs the leases. */
  readonly renew: (claims: readonly Claim[]) => Promise<void>;
  /** Puts claims back that were not finished; those that were stay as they are. */
  readonly giveBack: (claims: readonly Claim[], reason: string) => Promise<void>;
  /** Resolves when there may be work, after `ms`, or when the signal aborts. */
  readonly waitForWork: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Told of everything that was thrown: a claim, a batch or a lease. */
  readonly onError: (error: unknown) => void;
};

export type WorkerOptions = {
  /** Stop when there is nothing left to claim. */
  readonly once: boolean;
  /** Batches worked on at the same time: 1 or more. */
  readonly parallel: number;
  /** Milliseconds between renewals; a third of the lease. */
  readonly renewEvery: number;
  /** Milliseconds that work in hand may take after the signal. */
  readonly grace: number;
  /** Aborting it ends the worker: no more claims, work in hand finished or given back. */
  readonly signal: AbortSignal;
};

/**
 * Claims, works, settles, until the signal aborts or, with `once`, nothing is left. Sleeps only
 * when there is nothing to do or something failed. Returns how many claims, and how often claiming
 * itself, failed for reasons of ours.
 */
export async function runWorker<Claim>(job: Job<Claim>, options: WorkerOptions): Promise<number> {
  return await new Worker(job, options).run();
}

class Worker<Claim> {
  readonly #job: Job<Claim>;
  readonly #options: WorkerOptions;
  /** Batches in hand. */
  readonly #running = new Map<readonly Claim[], Promise<void>>();
  #failures = 0;
  /** Batches that broke off, and why: to be given back once the store answers again. */
  readonly #stranded = new Map<readonly Claim[], string>();
  #failedSinceRest = false;
  /** Failed or empty attempts in a row. */
  #idle = 0;

  constructor(job: Job<Claim>, options: WorkerOptions) {
    this.#job = job;
    this.#options = options;
  }

  async run(): Promise<number> {
    using running = new AbortScope(this.#options.signal);
    const loop = this.#loop();
    await Promise.race([loop, running.ended]);
    await this.#drain(loop);
    return this.#failures;
  }

  async #loop(): Promise<void> {
    const { signal, once } = this.#options;
    while (!signal.aborted) {
      const room = this.#options.parallel - this.#running.size;
      if (room <= 0) {
        await this.#oneDone();
        continue;
      }
      const batches = await this.#claim(room);
      for (const claims of batches) {
        if (signal.aborted) this.#stranded.set(claims, TOLD_TO_STOP);
        else await this.#start(claims);
      }
      if (this.#failedSinceRest && !once) await this.#rest();
      else if (batches.length > 0) continue;
      else if (this.#running.size > 0) await this.#oneDoneOrWork();
      else if (once) break;
      else await this.#rest();
    }
  }

  async #claim(room: number): Promise<readonly (readonly Claim[])[]> {
    try {
      await this.#giveBackStranded();
      return await this.#job.claim(room);
    } catch (error) {
      this.#failed(error);
      return [];
    }
  }

  async #giveBackStranded(): Promise<void> {
    for (const [claims, reason] of this.#stranded) {
      await this.#job.giveBack(claims, reason);
      this.#stranded.delete(claims);
    }
  }

  #failed(error: unknown): void {
    this.#failures++;
    this.#failedSinceRest = true;
    this.#job.onError(error);
  }

  async #start(claims: readonly Claim[]): Promise<void> {
    const suspect = this.#job.isSuspect(claims);
    const batch = this.#handle(claims, suspect ? this.#allDone() : Promise.resolve());
    this.#running.set(claims, batch);
    if (suspect) await this.#allDone();
  }

  /** Works on one batch, its leases kept alive all the while; never throws. */
  async #handle(claims: readonly Claim[], before: Promise<void>): Promise<void> {
    const timer = setInterval(() => this.#renew(claims), this.#options.renewEvery);
    try {
      await before;
      const failed = await this.#job.work(claims);
      this.#failures += failed;
      if (failed > 0) this.#failedSinceRest = true;
      else this.#idle = 0;
    } catch (error) {
      this.#stranded.set(claims, String(error));
      this.#failed(error);
    } finally {
      clearInterval(timer);
      this.#running.delete(claims);
    }
  }

  #renew(claims: readonly Claim[]): void {
    this.#job.renew(claims).catch(this.#job.onError);
  }

  async #oneDone(): Promise<void> {
    using wait = new AbortScope(this.#options.signal);
    await Promise.race([...this.#running.values(), wait.ended]);
  }

  /** Work that comes in need not wait for the batches in hand. */
  async #oneDoneOrWork(): Promise<void> {
    if (this.#options.once) return await this.#oneDone();
    using wait = new AbortScope(this.#options.signal);
    const work = this.#job.waitForWork(LONGEST_REST, wait.signal).catch((error) => {
      this.#job.onError(error);
      return sleep(1000, wait.signal);
    });
    await Promise.race([this.#oneDone(), work]);
  }

  async #allDone(): Promise<void> {
    await Promise.all([...this.#running.values()]);
  }

  async #rest(): Promise<void> {
    this.#failedSinceRest = false;
    const ms = Math.min(backoff(this.#idle++) * 1000, LONGEST_REST);
    try {
      await this.#job.waitForWork(ms, this.#options.signal);
    } catch (error) {
      this.#job.onError(error);
      await sleep(Math.min(ms, 1000), this.#options.signal);
    }
  }

  /** A store that is away may leave a claim unanswered as well as a batch. */
  async #drain(loop: Promise<void>): Promise<void> {
    const { signal, grace } = this.#options;
    const allEnded = Promise.all([loop, this.#allDone()]);
    if (signal.aborted) await within(grace, allEnded);
    else await allEnded;
    for (const claims of this.#running.keys()) {
      this.#stranded.set(claims, TOLD_TO_STOP);
    }
    await within(LAST_WORDS, this.#giveBackStranded().catch(this.#job.onError));
  }
}

/** Waits for the work, or so many milliseconds. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const done = new AbortController();
  await Promise.race([work, sleep(ms, done.signal)]);
  done.abort();
}
