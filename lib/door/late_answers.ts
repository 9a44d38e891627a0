import type { Hash } from "../tahoe/instance.ts";

/** The most answers that are kept for callers who may never ask again. */
const MOST_KEPT = 1000;

/** What callers who were told to ask again will ask for, by the hash of the query. */
export class LateAnswers<Kept> {
  readonly #kept = new Map<Hash, Kept>();

  keep(hash: Hash, kept: Kept): void {
    this.#kept.delete(hash);
    this.#kept.set(hash, kept);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST_KEPT) this.#kept.delete(oldest!);
  }

  /** Returns what is kept, and forgets it; undefined if nothing is. */
  take(hash: Hash): Kept | undefined {
    const kept = this.#kept.get(hash);
    this.#kept.delete(hash);
    return kept;
  }
}
