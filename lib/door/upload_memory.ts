import { Refusal } from "./refusal.ts";

/** The bytes of uploads that are held in memory, of all callers together. */
export class UploadMemory {
  readonly #most: number;
  #held = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Makes the account of one upload; disposing it gives everything back. */
  open(): UploadAccount {
    let taken = 0;
    return {
      take: (bytes) => {
        if (this.#held + bytes > this.#most) {
          throw new Refusal(
            503,
            "Cannot take the upload now: too many others are on their way. Try again",
            { retryAfter: 5 },
          );
        }
        this.#held += bytes;
        taken += bytes;
      },
      [Symbol.dispose]: () => {
        this.#held -= taken;
        taken = 0;
      },
    };
  }
}

export type UploadAccount = Disposable & {
  /** @throws {Refusal} 503 when all uploads together are too large. */
  take(bytes: number): void;
};
