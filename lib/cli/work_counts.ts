import { StoreUnavailable } from "../errors.ts";
import { Counter } from "../metrics/counter.ts";
import type { Family } from "../metrics/exposition.ts";
import type { Job } from "../worker.ts";

/** What the counts of a program are called and mean. */
export type Counted = {
  /** What their names begin with. */
  readonly prefix: string;
  /** What is claimed, in the plural and with a capital. */
  readonly claims: string;
  /** What they are by the time that a lost lease shows. */
  readonly ended: string;
  /** Whose failures do not count, and which do. */
  readonly failures: string;
};

/** What every worker counts, whatever it works on: claims, leases lost, failures of ours. */
export class WorkCounts<Claim> {
  readonly #attempts: Counter;
  readonly #lost: Counter;
  readonly #failures: Counter;

  constructor({ prefix, claims, ended, failures }: Counted) {
    this.#attempts = new Counter({
      name: `${prefix}_attempts_total`,
      help: `${claims} claimed; each claim is an attempt.`,
    });
    this.#lost = new Counter({
      name: `${prefix}_lost_leases_total`,
      help: `${claims} whose lease another worker had by the time they were ${ended}.`,
    });
    this.#failures = new Counter(
      { name: `${prefix}_failures_total`, help: failures },
      ["store_unavailable", "other"].map((cause) => ({ cause })),
    );
  }

  /** The same job, its claims and errors counted. */
  watched(job: Job<Claim>): Job<Claim> {
    const claim = async (room: number) => {
      const batches = await job.claim(room);
      this.#attempts.add({}, batches.flat().length);
      return batches;
    };
    const onError = (error: unknown) => {
      this.failed(error);
      job.onError(error);
    };
    return { ...job, claim, onError };
  }

  lost(): void {
    this.#lost.add();
  }

  failed(error: unknown): void {
    const cause = error instanceof StoreUnavailable ? "store_unavailable" : "other";
    this.#failures.add({ cause });
  }

  families(): readonly Family[] {
    return [this.#attempts, this.#lost, this.#failures].map((counter) => counter.family());
  }
}
