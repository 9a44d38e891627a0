import { Refusal } from "./refusal.ts";

/** Limits how many questions of one caller are being answered at the same time. */
export class QuestionLimit {
  readonly #most: number;
  readonly #running = new Map<string, number>();

  constructor(most: number) {
    this.#most = most;
  }

  /**
   * Runs `work`, which answers a question.
   *
   * @throws {Refusal} 429 when too many questions of the caller are being answered.
   */
  async run<Result>(caller: string, work: () => Promise<Result>): Promise<Result> {
    const running = this.#running.get(caller) ?? 0;
    if (running >= this.#most) {
      throw new Refusal(
        429,
        `Too many questions at once: ${this.#most} of yours are being answered. ` +
          "Wait for one of them",
        { retryAfter: 1, kind: "questions" },
      );
    }
    this.#running.set(caller, running + 1);
    try {
      return await work();
    } finally {
      const left = this.#running.get(caller)! - 1;
      if (left === 0) this.#running.delete(caller);
      else this.#running.set(caller, left);
    }
  }
}
