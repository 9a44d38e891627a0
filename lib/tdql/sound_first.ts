/** Queries among which sound ones are looked for, behind damaged ones. */
export const LOOK_WINDOW = 1500;

/** Queries of these that one look reads at most: each takes half a millisecond. */
const LOOK_PORTION = 200;

/** Milliseconds until the next look after one that found none. */
const PAUSE = 300;

/** Milliseconds after which everything is looked at again: a query may have been asked anew. */
const FORGET_MS = 60_000;

/** What becomes of a query: a damaged one takes as long to fail as a sound one to be answered. */
export type Kind = "sound" | "damaged" | "quarantined";

/** A query that may be claimed, as {@link SoundFirst} sees it. */
export type Ranked = { readonly name: string; readonly kind: Kind };

/** Most queries to claim, and how many of them may be damaged. */
type Room = { readonly limit: number; readonly damaged?: number };

/**
 * Puts sound queries before damaged ones, however old these are: each damaged query takes the time of
 * an answer to fail, and a thousand of them must not make the others wait. One for each inbox.
 */
export class SoundFirst {
  /** Names of queries that were read, and are not sound. */
  readonly #known = new Set<string>();
  #knownSince = -Infinity;
  #nextLook = -Infinity;

  /** How many of the oldest queries to read first: where most are damaged, a look finds the others. */
  sizeOfFirst({ limit, damaged = limit }: Room): number {
    return damaged > 0 && this.#known.size === 0 ? limit : Math.min(limit, damaged);
  }

  /** Whether to look for sound queries behind the oldest ones, if these were read. */
  wantsLook(found: readonly Ranked[]): boolean {
    if (performance.now() > this.#knownSince + FORGET_MS) {
      this.#known.clear();
      this.#knownSince = performance.now();
    }
    this.#note(found);
    return performance.now() >= this.#nextLook &&
      (found.length === 0 || found.some(({ kind }) => kind !== "sound"));
  }

  /** Which of all these queries, oldest first, to read in a look. */
  selectUnknown(names: readonly string[]): readonly string[] {
    const unknown = names.filter((name) => !this.#known.has(name));
    if (unknown.length === 0) this.#nextLook = performance.now() + PAUSE;
    return unknown.slice(0, LOOK_PORTION);
  }

  /** Chooses among the oldest queries and those that a look read: sound ones first. */
  choose<Found extends Ranked>(
    found: readonly Found[],
    looked: readonly Found[],
    { limit, damaged = limit }: Room,
  ): readonly Found[] {
    this.#note(looked);
    const all = [...new Map([...found, ...looked].map((each) => [each.name, each])).values()];
    const of = (kind: Kind) => all.filter((each) => each.kind === kind);
    const sound = of("sound").slice(0, limit);
    const room = Math.min(limit - sound.length, damaged);
    return [...of("quarantined"), ...sound, ...of("damaged").slice(0, room)];
  }

  #note(read: readonly Ranked[]): void {
    for (const { name, kind } of read) if (kind !== "sound") this.#known.add(name);
  }
}
