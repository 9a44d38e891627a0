import { Refusal } from "./refusal.ts";

/** Bytes of each body for which there is always room: nobody's large one keeps small ones out. */
const FREE_BYTES = 64 * 1024;

/** The bytes of bodies of requests that are held in memory, of all callers together. */
export class BodyMemory {
  readonly #most: number;
  #held = 0;
  readonly #heldBy = new Map<string, number>();

  /**
   * `most` is what all of them together may have, besides the first 64 KiB of each, and each caller's
   * half of it; one body alone may have more.
   */
  constructor(most: number) {
    this.#most = most;
  }

  /** Makes the account of one body of a caller; disposing it gives everything back. */
  open(caller: string): BodyAccount {
    let taken = 0;
    return {
      hold: (bytes) => {
        const more = Math.max(0, bytes - FREE_BYTES - taken);
        const isAlone = this.#held === taken;
        if (more > 0 && !isAlone && !this.#hasRoom(caller, more)) {
          throw new Refusal(
            503,
            "Cannot take the request now: too many large ones are on their way. Try again",
            { retryAfter: 5, kind: "no_room" },
          );
        }
        taken += more;
        this.#add(caller, more);
      },
      [Symbol.dispose]: () => {
        this.#add(caller, -taken);
        taken = 0;
      },
    };
  }

  #hasRoom(caller: string, more: number): boolean {
    return this.#held + more <= this.#most && this.#of(caller) + more <= this.#most / 2;
  }

  #of(caller: string): number {
    return this.#heldBy.get(caller) ?? 0;
  }

  #add(caller: string, bytes: number): void {
    this.#held += bytes;
    const held = this.#of(caller) + bytes;
    if (held > 0) this.#heldBy.set(caller, held);
    else this.#heldBy.delete(caller);
  }
}

export type BodyAccount = Disposable & {
  /**
   * Notes that so many bytes of the body are held; fewer than before give nothing back.
   *
   * @throws {Refusal} 503 when all bodies together, or those of the caller, are too large, and there
   * are others than this.
   */
  hold(bytes: number): void;
};
