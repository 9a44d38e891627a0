import { type Collection, type Document, Double, Int32, ObjectId } from "mongodb";
import type { QueryClaim, QueryClaimOptions } from "../tdql/inbox.ts";
import { LOOK_WINDOW, SoundFirst } from "../tdql/sound_first.ts";
import { fromBson, readId } from "./bson.ts";
import {
  claimableAt,
  claimUpdate,
  OLDEST_FIRST,
  PROCESSING_QUERY,
  quarantineUpdate,
  UNLEASED_QUERY,
  WAITING_QUERY,
} from "./query.ts";
import {
  type FaultyQuery,
  NO_CANDIDATE_FIELDS,
  type QueryCandidate,
  readCandidate,
  toQueryClaim,
} from "./query_candidate.ts";
import { isDocumentError } from "./store_errors.ts";
import { tryUpdateOne } from "./update_each.ts";

/** Claims queries for the workers of one process. Its errors are the driver's own. */
export class QueryClaims {
  readonly #queries: Collection<Document>;
  /** Tokens of claims whose answer was lost with the connection: the server may have made them. */
  readonly #doubtful = new Set<ObjectId>();
  #drained = true;
  /** `_id`s of queries to which nothing can be written: claims step over them. */
  readonly #unwritable: unknown[] = [];
  readonly #soundFirst = new SoundFirst<QueryCandidate | FaultyQuery>((found) =>
    "id" in found || found.fault !== undefined
  );
  /** When queries without a lease were last looked for, in seconds since 1970. */
  #lastAdoption = -Infinity;

  constructor(queries: Collection<Document>) {
    this.#queries = queries;
  }

  /** Whether the last claim found nothing, so that whatever is there now is new. */
  get drained(): boolean {
    return this.#drained;
  }

  /** Condition for all queries but those to which nothing can be written. */
  stepOver(): Document {
    if (this.#unwritable.length === 0) return {};
    const isNamed = this.#unwritable.every((_id) => _id !== undefined);
    return { _id: { $nin: this.#unwritable, ...(!isNamed && { $type: "objectId" }) } };
  }

  async claim({ owner, limit, lease, now, onSetAside }: QueryClaimOptions): Promise<QueryClaim[]> {
    await this.#releaseDoubtful();
    while (limit > 0) {
      const [found] = await Promise.all([
        this.#findCandidates(limit, now),
        this.#adopt(now, lease),
      ]);
      this.#drained = found.length === 0;
      if (this.#drained) break;
      await this.#quarantine(found.filter((each) => "id" in each), onSetAside);
      const candidates = selectTogether(found.filter((each) => "hash" in each));
      const claims = await this.#claimEach(candidates, {
        owner,
        until: now + lease,
        now,
        onSetAside,
      });
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
    const lent = { $set: { claim: { until: new Double(now + lease), attempts: new Int32(0) } } };
    try {
      await this.#queries.updateMany(UNLEASED_QUERY, lent);
    } catch (error) {
      if (!isDocumentError(error)) throw error;
      // The server refuses one of them, and with it all behind it.
      const ids = await this.#queries.find(UNLEASED_QUERY, { projection: { _id: 1 }, raw: true })
        .map(readId)
        .toArray();
      for (const _id of ids) {
        await tryUpdateOne(this.#queries, { ...UNLEASED_QUERY, _id: { $eq: _id ?? null } }, lent);
      }
    }
  }

  async #findCandidates(
    limit: number,
    now: number,
  ): Promise<readonly (QueryCandidate | FaultyQuery)[]> {
    const found = await this.#find(limit, now);
    if (!this.#soundFirst.wantsLook(found)) return found;
    return this.#soundFirst.choose(found, await this.#find(LOOK_WINDOW, now), limit);
  }

  #find(limit: number, now: number): Promise<(QueryCandidate | FaultyQuery)[]> {
    const options = { projection: NO_CANDIDATE_FIELDS, raw: true } as const;
    return this.#queries
      .find({ ...claimableAt(now), ...this.stepOver() }, options)
      .sort(OLDEST_FIRST)
      .limit(limit)
      .map(readCandidate)
      .toArray();
  }

  /** Puts queries into quarantine, by their `_id` alone. */
  async #quarantine(
    queries: readonly FaultyQuery[],
    onSetAside: QueryClaimOptions["onSetAside"],
  ): Promise<void> {
    await Promise.all(queries.map(async ({ _id, id, reason, untouchable }) => {
      const waiting = { _id: { $eq: _id ?? null }, $or: [WAITING_QUERY, PROCESSING_QUERY] };
      const written = _id === undefined || untouchable
        ? "refused"
        : await tryUpdateOne(this.#queries, waiting, quarantineUpdate(reason));
      if (written === "refused") this.#unwritable.push(_id);
      if (written !== "unmatched") onSetAside?.({ id, reason, kept: written === "refused" });
    }));
  }

  /** Claims candidates together or, if the server refuses one of them, the rest one by one. */
  async #claimEach(
    candidates: readonly QueryCandidate[],
    terms: ClaimTerms,
  ): Promise<QueryClaim[]> {
    if (candidates.length === 0) return [];
    const token = new ObjectId();
    this.#doubtful.add(token);
    let claims: QueryClaim[];
    try {
      claims = await this.#claimAll(candidates, { ...terms, token });
    } catch (error) {
      if (!isDocumentError(error)) throw error;
      claims = await this.#claimRest(candidates, { ...terms, token, code: error.code });
    }
    this.#doubtful.delete(token);
    return claims;
  }

  /** Claims what a refused update has left; a candidate that is refused alone goes to quarantine. */
  async #claimRest(
    candidates: readonly QueryCandidate[],
    { token, code, ...terms }: ClaimTerms & { token: ObjectId; code: unknown },
  ): Promise<QueryClaim[]> {
    const claims = (await this.#findClaimed(candidates, token))
      .map((bytes) => toQueryClaim(fromBson(bytes), { owner: terms.owner, candidates }));
    const rest = candidates.filter(({ hash }) => claims.every(({ id }) => id !== hash));
    if (candidates.length > 1) {
      for (const each of rest) claims.push(...await this.#claimEach([each], terms));
      return claims;
    }
    const reason = `MongoDB refuses to write a claim to it (code ${code})`;
    const refused = rest.map(({ _id, hash: id }) => ({ _id, id, reason }));
    await this.#quarantine(refused, terms.onSetAside);
    return claims;
  }

  /** Claims the candidates. Returns those that no other worker claimed in the meantime. */
  async #claimAll(
    candidates: readonly QueryCandidate[],
    { owner, until, now, token }: ClaimTerms & { token: ObjectId },
  ): Promise<QueryClaim[]> {
    const update = claimUpdate({ owner, until, token });
    const [first, ...others] = candidates;
    const claimed = first !== undefined && others.length === 0
      ? await this.#updateOne({ ...claimableAt(now), _id: first._id, _hash: first.hash }, update)
      : await this.#updateMany(candidates, { claimable: claimableAt(now), update, token });
    return claimed.map((bytes) => toQueryClaim(fromBson(bytes), { owner, candidates }));
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
    const ids: Document = { _id: { $in: candidates.map(({ _id }) => _id) } };
    await this.#queries.updateMany({ ...claimable, ...ids }, update);
    return await this.#findClaimed(candidates, token);
  }

  #findClaimed(candidates: readonly QueryCandidate[], token: ObjectId): Promise<Document[]> {
    const ids: Document = { _id: { $in: candidates.map(({ _id }) => _id) } };
    return this.#queries
      .find({ ...PROCESSING_QUERY, ...ids, "claim.token": token }, { raw: true })
      .sort(OLDEST_FIRST)
      .toArray();
  }
}

/** Who claims, when and until when. */
type ClaimTerms = {
  readonly owner: string;
  readonly until: number;
  readonly now: number;
  readonly onSetAside: QueryClaimOptions["onSetAside"];
};

/** All that are sound; the first alone if it may have killed its worker. */
function selectTogether(candidates: readonly QueryCandidate[]): readonly QueryCandidate[] {
  return candidates[0]?.suspect
    ? candidates.slice(0, 1)
    : candidates.filter(({ suspect }) => !suspect);
}
