import type { Job } from "../worker.ts";

/**
 * Whether a worker lives: the steps of its job end now and then, however they end. A database that
 * is away makes them fail, a worker that hangs makes none of them end.
 */
export class Heartbeat {
  readonly #limit: number;
  #last = performance.now();

  /** `limit`: milliseconds without a sign of life after which the worker counts as dead. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get alive(): boolean {
    return performance.now() - this.#last < this.#limit;
  }

  /** The same job, watched. */
  watch<Claim>(job: Job<Claim>): Job<Claim> {
    return {
      ...job,
      claim: this.#watched(job.claim),
      work: this.#watched(job.work),
      renew: this.#watched(job.renew),
      waitForWork: this.#watched(job.waitForWork),
    };
  }

  #watched<Arguments extends unknown[], Result>(
    step: (...args: Arguments) => Promise<Result>,
  ): (...args: Arguments) => Promise<Result> {
    return async (...args) => {
      try {
        return await step(...args);
      } finally {
        this.#last = performance.now();
      }
    };
  }
}
