import { StoreUnavailable } from "../errors.ts";
import { Counter } from "../metrics/counter.ts";
import type { Family } from "../metrics/exposition.ts";
import type { Job } from "../worker.ts";

/** Names and help texts of a program's counters. */
export type WorkCountsOptions = {
  /** Prefix of the names. */
  readonly prefix: string;
  /** What is claimed, as a capitalised plural, such as "Entries". */
  readonly claims: string;
  /** How a claim ends, as a participle, such as "settled". */
  readonly settled: string;
  /** Help text of the failures. */
  readonly failures: string;
};

/**
 * Counters that every worker has: claims, lost leases, and failures through no fault of the data.
 */
export class WorkCounts<Claim> {
  readonly #attempts: Counter;
  readonly #lost: Counter;
  readonly #failures: Counter;

  constructor({ prefix, claims, settled, failures }: WorkCountsOptions) {
    this.#attempts = new Counter({
      name: `${prefix}_attempts_total`,
      help: `${claims} claimed; each claim is an attempt.`,
    });
    this.#lost = new Counter({
      name: `${prefix}_lost_leases_total`,
      help: `${claims} whose lease another worker had by the time they were ${settled}.`,
    });
    this.#failures = new Counter(
      { name: `${prefix}_failures_total`, help: failures },
      ["store_unavailable", "other"].map((cause) => ({ cause })),
    );
  }

  /** Returns a job that does the same and counts its claims and errors. */
  countJob(job: Job<Claim>): Job<Claim> {
    const claim = async (room: number) => {
      const batches = await job.claim(room);
      this.#attempts.add({}, batches.flat().length);
      return batches;
    };
    const onError = (error: unknown) => {
      this.countFailure(error);
      job.onError(error);
    };
    return { ...job, claim, onError };
  }

  countLost(): void {
    this.#lost.add();
  }

  countFailure(error: unknown): void {
    const cause = error instanceof StoreUnavailable ? "store_unavailable" : "other";
    this.#failures.add({ cause });
  }

  families(): readonly Family[] {
    return [this.#attempts, this.#lost, this.#failures].map((counter) => counter.family());
  }
}
