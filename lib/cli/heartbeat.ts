import type { Job } from "../worker.ts";

/**
 * Sign of life of a worker: as long as it lives, steps of its job end now and then, even if they
 * fail. When a database is unavailable the steps fail; when the worker hangs no step ends.
 */
export class Heartbeat {
  readonly #limit: number;
  #last = performance.now();

  /**
   * Begins alive. After `limit` milliseconds without a sign of life the worker counts as dead.
   */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get alive(): boolean {
    return performance.now() - this.#last < this.#limit;
  }

  /** Returns a job that does the same and records when its steps end. */
  watch<Claim>(job: Job<Claim>): Job<Claim> {
    return {
      ...job,
      claim: this.#recordEnd(job.claim),
      work: this.#recordEnd(job.work),
      renew: this.#recordEnd(job.renew),
      waitForWork: this.#recordEnd(job.waitForWork),
    };
  }

  #recordEnd<Arguments extends unknown[], Result>(
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
