import { Refusal } from "./refusal.ts";

/** Places that are left to those who have no more bodies on their way than this share of all. */
const KEPT_SHARE = 1 / 8;

/**
 * Limits how many bodies are being read at once: clients that send slowly must leave others room. No
 * caller takes the last places, which are for those who take few.
 */
export class BodySlots {
  readonly #most: number;
  readonly #kept: number;
  #reading = 0;
  readonly #readingByCaller = new Map<string, number>();

  constructor(most: number) {
    this.#most = most;
    this.#kept = Math.ceil(most * KEPT_SHARE);
  }

  /**
   * Runs `read`, which reads a body that a caller sends.
   *
   * @throws {Refusal} 503 when too many are being read.
   */
  async run<Result>(caller: string, read: () => Promise<Result>): Promise<Result> {
    const own = this.#readingByCaller.get(caller) ?? 0;
    const room = own < this.#kept ? this.#most : this.#most - this.#kept;
    if (this.#reading >= room) {
      throw new Refusal(
        503,
        "Cannot take the request now: too many others are on their way. Try again",
        { retryAfter: 5, kind: "no_room" },
      );
    }
    this.#count(caller, 1);
    try {
      return await read();
    } finally {
      this.#count(caller, -1);
    }
  }

  #count(caller: string, change: 1 | -1): void {
    this.#reading += change;
    const own = (this.#readingByCaller.get(caller) ?? 0) + change;
    if (own === 0) this.#readingByCaller.delete(caller);
    else this.#readingByCaller.set(caller, own);
  }
}
