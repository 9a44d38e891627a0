import { Refusal } from "./refusal.ts";

/** Bytes of each body for which there is always room: nobody's large one keeps small ones out. */
const FREE_BYTES = 64 * 1024;

/** The bytes of bodies of requests that are held in memory, of all callers together. */
export class BodyMemory {
  readonly #most: number;
  #held = 0;

  /**
   * `most` is what all of them together may have, besides the first 64 KiB of each; one alone may have
   * more.
   */
  constructor(most: number) {
    this.#most = most;
  }

  /** Makes the account of one body; disposing it gives everything back. */
  open(): BodyAccount {
    let taken = 0;
    return {
      hold: (bytes) => {
        const more = Math.max(0, bytes - FREE_BYTES - taken);
        const isAlone = this.#held === taken;
        if (more > 0 && !isAlone && this.#held + more > this.#most) {
          throw new Refusal(
            503,
            "Cannot take the request now: too many large ones are on their way. Try again",
            { retryAfter: 5, kind: "no_room" },
          );
        }
        this.#held += more;
        taken += more;
      },
      [Symbol.dispose]: () => {
        this.#held -= taken;
        taken = 0;
      },
    };
  }
}

export type BodyAccount = Disposable & {
  /**
   * Notes that so many bytes of the body are held; fewer than before give nothing back.
   *
   * @throws {Refusal} 503 when all bodies together are too large, and there are others than this.
   */
  hold(bytes: number): void;
};
