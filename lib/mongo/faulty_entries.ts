import type { Collection, Document } from "mongodb";
import { type FaultyEntry, readEntryDocument, UNFINISHED } from "./entry.ts";
import { ENTRY_STAGES } from "./entry_fields.ts";
import { isLeased } from "./lease.ts";
import { WaitingHint } from "./waiting_hint.ts";

/** Entries that one look returns at most. */
const LIMIT = 1000;

/** Part of its time that a worker may spend on looking: nothing else costs as much if it is idle. */
const SHARE = 0.05;

/** Milliseconds between two looks at least. */
const PAUSE = 1000;

/** Entries that are neither finished nor waiting nor under a lease, `processed` being what it is. */
const UNCLEAR = { processed: { $nin: [true, false, null] } };

/**
 * Looks for entries that no claim would ever meet because of their types. All others are claimed or
 * under a lease when it looks, so the look reads few documents.
 */
export class FaultyEntries {
  readonly #entries: Collection<Document>;
  readonly #hint = new WaitingHint();
  /** Milliseconds of the clock of `performance`. */
  #nextLook = -Infinity;

  constructor(entries: Collection<Document>) {
    this.#entries = entries;
  }

  /** Returns some of them, or none if the last look was a moment ago and found all. */
  async find(now: number, others: Document): Promise<readonly FaultyEntry[]> {
    const start = performance.now();
    if (start < this.#nextLook) return [];
    const unleased = { ...UNFINISHED, $expr: { $not: isLeased(now) } };
    const found = (await Promise.all([
      this.#select({ ...UNCLEAR, ...others }),
      this.#select({ ...unleased, ...others }),
    ])).flat();
    const end = performance.now();
    if (found.length < LIMIT) this.#nextLook = end + Math.max(PAUSE, (end - start) / SHARE);
    return found.filter((entry) => "reason" in entry);
  }

  #select(filter: Document) {
    const stages = [{ $match: filter }, { $limit: LIMIT }, ...ENTRY_STAGES];
    return this.#hint.use((hint) =>
      this.#entries.aggregate(stages, { raw: true, ...hint }).map(readEntryDocument).toArray()
    );
  }
}
