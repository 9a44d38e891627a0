import { Refusal } from "./refusal.ts";

const WINDOW_SECONDS = 60;

/**
 * Counts the requests of each caller in a minute. All counts begin anew with the next minute, so that
 * no more callers are kept than there were requests in one.
 */
export class RequestLimit {
  readonly #most: number;
  readonly #now: () => number;
  readonly #counts = new Map<string, number>();
  #windowEnd = 0;

  /** `now` returns seconds since 1970. */
  constructor(most: number, now: () => number) {
    this.#most = most;
    this.#now = now;
  }

  /**
   * Counts a request.
   *
   * @throws {Refusal} 429 when the caller has none left in this minute.
   */
  count(caller: string): void {
    const now = this.#now();
    if (now >= this.#windowEnd) {
      this.#counts.clear();
      this.#windowEnd = now + WINDOW_SECONDS;
    }
    const count = (this.#counts.get(caller) ?? 0) + 1;
    this.#counts.set(caller, count);
    if (count <= this.#most) return;
    const retryAfter = Math.max(1, Math.ceil(this.#windowEnd - now));
    throw new Refusal(
      429,
      `Too many requests: ${this.#most} a minute are allowed. Try again in ${retryAfter} s`,
      { retryAfter, kind: "requests" },
    );
  }
}
