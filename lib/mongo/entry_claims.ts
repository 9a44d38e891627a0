import { type Collection, type Document, Double, ObjectId, type Sort } from "mongodb";
import type { Claim, ClaimOptions } from "../lake/lake.ts";
import { fromBson } from "./bson.ts";
import {
  CLAIMABLE,
  claimOf,
  type EntryCandidate,
  toClaim,
  toEntryCandidate,
  UNFINISHED,
} from "./entry.ts";
import { WaitingHint } from "./waiting_hint.ts";

/** Claims entries for the workers of one process. Its errors are the driver's own. */
export class EntryClaims {
  readonly #entries: Collection<Document>;
  /** Tokens of claims whose answer was lost with the connection: the server may have made them. */
  readonly #doubtful = new Set<ObjectId>();
  #drained = true;
  readonly #hint = new WaitingHint();

  constructor(entries: Collection<Document>) {
    this.#entries = entries;
  }

  /** Whether the last claim found nothing, so that whatever is there now is new. */
  get drained(): boolean {
    return this.#drained;
  }

  async claim({ owner, limit, lease, now }: ClaimOptions): Promise<Claim[]> {
    await this.#releaseDoubtful();
    while (limit > 0) {
      const candidates = await this.#findCandidates(limit, now);
      this.#drained = candidates.length === 0;
      if (this.#drained) break;
      const claimed = await this.#claimAll(candidates, { owner, until: now + lease });
      if (claimed.length > 0) return claimed.map((candidate) => toClaim(candidate, owner));
      // Other workers claimed all of these first; there may be more.
    }
    return [];
  }

  /** Ends the leases of doubtful claims: no worker knows of them, so they would only run out. */
  async #releaseDoubtful(): Promise<void> {
    for (const token of this.#doubtful) {
      await this.#entries.updateMany(
        { ...UNFINISHED, "claim.token": token },
        { $set: { "claim.until": new Double(0) }, $unset: { "claim.owner": "" } },
      );
      this.#doubtful.delete(token);
    }
  }

  /** The oldest entries that were never claimed, or the one that came due first if it is older. */
  async #findCandidates(limit: number, now: number): Promise<EntryCandidate[]> {
    const [unclaimed, due] = await Promise.all([
      this.#findFirst({ "claim.until": null }, { timestamp: 1, _id: 1 }, limit),
      this.#findFirst({ "claim.until": { $lte: now } }, { "claim.until": 1, "timestamp": 1 }, 1),
    ]);
    const dueIsOlder = due[0] !== undefined &&
      (unclaimed[0] === undefined || timeOf(due[0]) <= timeOf(unclaimed[0]));
    return dueIsOlder ? due : unclaimed;
  }

  #findFirst(filter: Document, order: Sort, limit: number): Promise<EntryCandidate[]> {
    return this.#hint.use((hint) =>
      this.#entries
        .find({ ...CLAIMABLE, ...filter }, { raw: true, ...hint })
        .sort(order)
        .limit(limit)
        .batchSize(limit)
        .map((bytes) => toEntryCandidate(fromBson(bytes)))
        .toArray()
    );
  }

  /**
   * Claims the candidates, several new ones or a single one. Returns those that no other worker
   * claimed in the meantime.
   */
  async #claimAll(
    candidates: readonly EntryCandidate[],
    { owner, until }: { owner: string; until: number },
  ): Promise<readonly EntryCandidate[]> {
    const token = new ObjectId();
    const ids = { _id: { $in: candidates.map(({ id }) => id) } };
    const claim = claimOf(candidates[0]?.fields ?? {});
    const unchanged = {
      "claim.until": claim["until"] ?? null,
      "claim.attempts": claim["attempts"] ?? null,
    };
    this.#doubtful.add(token);
    const { modifiedCount } = await this.#entries.updateMany(
      { ...UNFINISHED, ...ids, ...unchanged },
      {
        $set: { "claim.owner": owner, "claim.until": new Double(until), "claim.token": token },
        $inc: { "claim.attempts": 1 },
        $unset: { "claim.reason": "" },
      },
    );
    const claimed = modifiedCount === 0 || modifiedCount === candidates.length
      ? candidates.slice(0, modifiedCount)
      : await this.#selectClaimed(candidates, { ...ids, "claim.token": token });
    this.#doubtful.delete(token);
    return claimed;
  }

  /** Returns the candidates whose documents match the filter. */
  async #selectClaimed(
    candidates: readonly EntryCandidate[],
    filter: Document,
  ): Promise<readonly EntryCandidate[]> {
    const found = this.#entries.find(filter, { projection: { _id: 1 } });
    const claimed = new Set(await found.map(({ _id }) => String(_id)).toArray());
    return candidates.filter(({ id }) => claimed.has(String(id)));
  }
}

/** The entry's timestamp; an entry without one comes first. */
function timeOf({ fields: { timestamp } }: EntryCandidate): number {
  return typeof timestamp === "number" || typeof timestamp === "bigint"
    ? Number(timestamp)
    : -Infinity;
}
