import { type Collection, type Document, Double, Int32, ObjectId } from "mongodb";
import type { QueryClaim, QueryClaimOptions } from "../tdql/inbox.ts";
import { fromBson } from "./bson.ts";
import {
  type Candidate,
  candidateFields,
  claimable,
  claiming,
  oldestFirst,
  processingQueries,
  toCandidate,
  toQueryClaim,
} from "./query.ts";

/** Claims queries for the workers of one process. Errors are the driver's own. */
export class QueryClaims {
  readonly #queries: Collection<Document>;
  /** Of claims whose answer was lost with the connection: they may have been made all the same. */
  readonly #doubtful = new Set<ObjectId>();
  #drained = true;
  /** When it was last looked for claims without a lease, in seconds since 1970. */
  #adopted = -Infinity;

  constructor(queries: Collection<Document>) {
    this.#queries = queries;
  }

  /** The last claim found nothing: whatever is there now is new. */
  get drained(): boolean {
    return this.#drained;
  }

  async claim({ owner, limit, lease, now }: QueryClaimOptions): Promise<QueryClaim[]> {
    await this.#releaseDoubtful();
    while (limit > 0) {
      const [candidates] = await Promise.all([
        this.#candidates(limit, now),
        this.#adopt(now, lease),
      ]);
      this.#drained = candidates.length === 0;
      if (this.#drained) break;
      const claims = await this.#take(candidates, { owner, until: now + lease, now });
      if (claims.length > 0) return claims;
      // Others were faster with all of these; there may be more.
    }
    return [];
  }

  /** Nobody works on what such a claim took, and nobody else may until its lease has run out. */
  async #releaseDoubtful(): Promise<void> {
    for (const token of this.#doubtful) {
      await this.#queries.updateMany(
        { ...processingQueries, "claim.token": token },
        {
          $set: { "claim.until": new Double(0), "claim.reason": "The claim's answer was lost" },
          $unset: { "claim.owner": "", "claim.token": "" },
        },
      );
      this.#doubtful.delete(token);
    }
  }

  /**
   * The existing system claims without a lease; what it works on is let be for the time of one. It
   * is enough to look once in that time.
   */
  async #adopt(now: number, lease: number): Promise<void> {
    if (now < this.#adopted + lease) return;
    this.#adopted = now;
    await this.#queries.updateMany(
      { ...processingQueries, "claim.until": { $not: { $type: "number" } } },
      { $set: { claim: { until: new Double(now + lease), attempts: new Int32(0) } } },
    );
  }

  /** The oldest; if the first of them may have killed its worker, that one alone. */
  async #candidates(limit: number, now: number): Promise<Candidate[]> {
    const found = await this.#queries
      .find(claimable(now), { projection: candidateFields })
      .sort(oldestFirst)
      .limit(limit)
      .map(toCandidate)
      .toArray();
    return found[0]?.suspect ? found.slice(0, 1) : found.filter(({ suspect }) => !suspect);
  }

  /** Those of the candidates that nobody else claimed meanwhile. */
  async #take(
    candidates: readonly Candidate[],
    { owner, until, now }: { owner: string; until: number; now: number },
  ): Promise<QueryClaim[]> {
    const token = new ObjectId();
    const ids = candidates.map(({ id }) => id);
    this.#doubtful.add(token);
    const [first, ...others] = candidates;
    const taken = first !== undefined && others.length === 0
      ? await this.#takeOne({ ...claimable(now), ...sole(first) }, claiming(owner, until, token))
      : await this.#takeMany(ids, claimable(now), claiming(owner, until, token), token);
    this.#doubtful.delete(token);
    const reasons = new Map(candidates.map(({ hash, reason }) => [hash, reason]));
    return taken.map((bytes) => toQueryClaim(fromBson(bytes), owner, reasons));
  }

  async #takeOne(filter: Document, update: Document[]): Promise<Document[]> {
    const options = { returnDocument: "after", raw: true } as const;
    const taken = await this.#queries.findOneAndUpdate(filter, update, options);
    return taken === null ? [] : [taken];
  }

  async #takeMany(ids: ObjectId[], filter: Document, update: Document[], token: ObjectId) {
    const among = { _id: { $in: ids } };
    await this.#queries.updateMany({ ...filter, ...among }, update);
    const mine = { ...processingQueries, ...among, "claim.token": token };
    return await this.#queries.find(mine, { raw: true })
      .sort(oldestFirst)
      .toArray();
  }
}

/** Finds the candidate's document; by `_hash`, too, for a sharded collection must be told where. */
function sole({ id, hash }: Candidate): Document {
  return { _id: id, _hash: hash };
}
