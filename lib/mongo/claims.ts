import { type Collection, type Document, Double, ObjectId, type Sort } from "mongodb";
import type { Claim, ClaimOptions } from "../lake/lake.ts";
import { fromBson } from "./bson.ts";
import { type Candidate, claimable, claimOf, toCandidate, toClaim, unfinished } from "./entry.ts";
import { waitingIndex } from "./indices.ts";

/** Claims entries for the workers of one process. Errors are the driver's own. */
export class Claims {
  readonly #entries: Collection<Document>;
  /** Of claims whose answer was lost with the connection: they may have been made all the same. */
  readonly #doubtful = new Set<ObjectId>();
  #drained = true;

  constructor(entries: Collection<Document>) {
    this.#entries = entries;
  }

  /** The last claim found nothing: whatever is there now is new. */
  get drained(): boolean {
    return this.#drained;
  }

  async claim({ owner, limit, lease, now }: ClaimOptions): Promise<Claim[]> {
    await this.#releaseDoubtful();
    while (limit > 0) {
      const candidates = await this.#candidates(limit, now);
      this.#drained = candidates.length === 0;
      if (this.#drained) break;
      const taken = await this.#take(candidates, owner, now + lease);
      if (taken.length > 0) return taken.map((candidate) => toClaim(candidate, owner));
      // Others were faster with all of these; there may be more.
    }
    return [];
  }

  /** Nobody works on what such a claim took, and nobody else may until its lease has run out. */
  async #releaseDoubtful(): Promise<void> {
    for (const token of this.#doubtful) {
      await this.#entries.updateMany(
        { ...unfinished, "claim.token": token },
        { $set: { "claim.until": new Double(0) }, $unset: { "claim.owner": "" } },
      );
      this.#doubtful.delete(token);
    }
  }

  /** The oldest never claimed before, or what came due first if that is older than they are. */
  async #candidates(limit: number, now: number): Promise<Candidate[]> {
    const [fresh, due] = await Promise.all([
      this.#first({ "claim.until": null }, { timestamp: 1, _id: 1 }, limit),
      this.#first({ "claim.until": { $lte: now } }, { "claim.until": 1, "timestamp": 1 }, 1),
    ]);
    const older = due[0] !== undefined && (fresh[0] === undefined || age(due[0]) <= age(fresh[0]));
    return older ? due : fresh;
  }

  #first(filter: Document, order: Sort, limit: number): Promise<Candidate[]> {
    return this.#entries
      .find({ ...claimable, ...filter }, { raw: true, hint: waitingIndex })
      .sort(order)
      .limit(limit)
      .batchSize(limit)
      .map((bytes) => toCandidate(fromBson(bytes)))
      .toArray();
  }

  /** Those of the candidates, several new ones or one, that nobody else claimed meanwhile. */
  async #take(
    candidates: readonly Candidate[],
    owner: string,
    until: number,
  ): Promise<readonly Candidate[]> {
    const token = new ObjectId();
    const ids = { _id: { $in: candidates.map(({ id }) => id) } };
    const claim = claimOf(candidates[0]?.fields ?? {});
    const unchanged = {
      "claim.until": claim["until"] ?? null,
      "claim.attempts": claim["attempts"] ?? null,
    };
    this.#doubtful.add(token);
    const { modifiedCount } = await this.#entries.updateMany(
      { ...unfinished, ...ids, ...unchanged },
      {
        $set: { "claim.owner": owner, "claim.until": new Double(until), "claim.token": token },
        $inc: { "claim.attempts": 1 },
        $unset: { "claim.reason": "" },
      },
    );
    const taken = modifiedCount === 0 || modifiedCount === candidates.length
      ? candidates.slice(0, modifiedCount)
      : await this.#won(candidates, { ...ids, "claim.token": token });
    this.#doubtful.delete(token);
    return taken;
  }

  async #won(candidates: readonly Candidate[], mine: Document): Promise<readonly Candidate[]> {
    const found = this.#entries.find(mine, { projection: { _id: 1 } });
    const won = new Set(await found.map(({ _id }) => String(_id)).toArray());
    return candidates.filter(({ id }) => won.has(String(id)));
  }
}

/** Entries without a time come first. */
function age({ fields: { timestamp } }: Candidate): number {
  return typeof timestamp === "number" || typeof timestamp === "bigint"
    ? Number(timestamp)
    : -Infinity;
}
