import { type Collection, type Document, Double, Int32, ObjectId } from "mongodb";
import type { QueryClaim, QueryClaimOptions } from "../tdql/inbox.ts";
import { fromBson } from "./bson.ts";
import {
  CANDIDATE_FIELDS,
  claimableAt,
  claimUpdate,
  OLDEST_FIRST,
  PROCESSING_QUERY,
  type QueryCandidate,
  toQueryCandidate,
  toQueryClaim,
} from "./query.ts";

/** Claims queries for the workers of one process. Its errors are the driver's own. */
export class QueryClaims {
  readonly #queries: Collection<Document>;
  /** Tokens of claims whose answer was lost with the connection: the server may have made them. */
  readonly #doubtful = new Set<ObjectId>();
  #drained = true;
  /** When queries without a lease were last looked for, in seconds since 1970. */
  #lastAdoption = -Infinity;

  constructor(queries: Collection<Document>) {
    this.#queries = queries;
  }

  /** Whether the last claim found nothing, so that whatever is there now is new. */
  get drained(): boolean {
    return this.#drained;
  }

  async claim({ owner, limit, lease, now }: QueryClaimOptions): Promise<QueryClaim[]> {
    await this.#releaseDoubtful();
    while (limit > 0) {
      const [candidates] = await Promise.all([
        this.#findCandidates(limit, now),
        this.#adopt(now, lease),
      ]);
      this.#drained = candidates.length === 0;
      if (this.#drained) break;
      const claims = await this.#claimAll(candidates, { owner, until: now + lease, now });
      if (claims.length > 0) return claims;
      // Other workers claimed all of these first; there may be more.
    }
    return [];
  }

  /** Ends the leases of doubtful claims: no worker knows of them, so they would only run out. */
  async #releaseDoubtful(): Promise<void> {
    for (const token of this.#doubtful) {
      await this.#queries.updateMany(
        { ...PROCESSING_QUERY, "claim.token": token },
        {
          $set: { "claim.until": new Double(0), "claim.reason": "The claim's answer was lost" },
          $unset: { "claim.owner": "", "claim.token": "" },
        },
      );
      this.#doubtful.delete(token);
    }
  }

  /**
   * Gives a lease to queries that are `processing` without one: the existing system may work on
   * them, so they are left alone for the length of a lease. Looks for them once in that time.
   */
  async #adopt(now: number, lease: number): Promise<void> {
    if (now < this.#lastAdoption + lease) return;
    this.#lastAdoption = now;
    await this.#queries.updateMany(
      { ...PROCESSING_QUERY, "claim.until": { $not: { $type: "number" } } },
      { $set: { claim: { until: new Double(now + lease), attempts: new Int32(0) } } },
    );
  }

  /** The oldest queries; if the first of them may have killed its worker, that one alone. */
  async #findCandidates(limit: number, now: number): Promise<QueryCandidate[]> {
    const found = await this.#queries
      .find(claimableAt(now), { projection: CANDIDATE_FIELDS })
      .sort(OLDEST_FIRST)
      .limit(limit)
      .map(toQueryCandidate)
      .toArray();
    return found[0]?.suspect ? found.slice(0, 1) : found.filter(({ suspect }) => !suspect);
  }

  /** Claims the candidates. Returns those that no other worker claimed in the meantime. */
  async #claimAll(
    candidates: readonly QueryCandidate[],
    { owner, until, now }: { owner: string; until: number; now: number },
  ): Promise<QueryClaim[]> {
    const token = new ObjectId();
    const update = claimUpdate({ owner, until, token });
    this.#doubtful.add(token);
    const [first, ...others] = candidates;
    const claimed = first !== undefined && others.length === 0
      ? await this.#updateOne({ ...claimableAt(now), _id: first.id, _hash: first.hash }, update)
      : await this.#updateMany(candidates, { claimable: claimableAt(now), update, token });
    this.#doubtful.delete(token);
    const reasons = new Map(candidates.map(({ hash, reason }) => [hash, reason]));
    return claimed.map((bytes) => toQueryClaim(fromBson(bytes), { owner, reasons }));
  }

  /** Returns the changed document. The filter names `_hash`, as a sharded collection demands. */
  async #updateOne(filter: Document, update: Document[]): Promise<Document[]> {
    const options = { returnDocument: "after", raw: true } as const;
    const changed = await this.#queries.findOneAndUpdate(filter, update, options);
    return changed === null ? [] : [changed];
  }

  /** Returns the changed documents, which have the token. */
  async #updateMany(
    candidates: readonly QueryCandidate[],
    { claimable, update, token }: { claimable: Document; update: Document[]; token: ObjectId },
  ): Promise<Document[]> {
    const ids = { _id: { $in: candidates.map(({ id }) => id) } };
    await this.#queries.updateMany({ ...claimable, ...ids }, update);
    const changed = { ...PROCESSING_QUERY, ...ids, "claim.token": token };
    return await this.#queries.find(changed, { raw: true })
      .sort(OLDEST_FIRST)
      .toArray();
  }
}
