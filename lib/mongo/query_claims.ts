import { type Collection, type Document, Double, Int32, ObjectId } from "mongodb";
import type { QueryClaim, QueryClaimOptions } from "../tdql/inbox.ts";
import { LOOK_WINDOW, SoundFirst } from "../tdql/sound_first.ts";
import { fromBson } from "./bson.ts";
import { bounded } from "./expressions.ts";
import {
  claimableAt,
  claimUpdate,
  OLDEST_FIRST,
  PROCESSING_QUERY,
  UNLEASED_QUERY,
} from "./query.ts";
import {
  CANDIDATE_STAGES,
  type FaultyQuery,
  faultyQuery,
  type QueryCandidate,
  readCandidate,
  toQueryClaim,
} from "./query_candidate.ts";
import { quarantine, quarantineUnnamed } from "./query_quarantine.ts";
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
  readonly #soundFirst = new SoundFirst();
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

  async claim(options: QueryClaimOptions): Promise<QueryClaim[]> {
    const { owner, limit, lease, now, onSetAside } = options;
    await this.#releaseDoubtful();
    while (limit > 0) {
      const [found] = await Promise.all([
        this.#findCandidates(options),
        this.#adopt(options),
      ]);
      if (found.length === 0) break;
      await this.#quarantine(found.filter((each) => each.kind === "quarantined"), onSetAside);
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
  async #adopt({ now, lease, onSetAside }: QueryClaimOptions): Promise<void> {
    if (now < this.#lastAdoption + lease) return;
    this.#lastAdoption = now;
    const lent = { $set: { claim: { until: new Double(now + lease), attempts: new Int32(0) } } };
    try {
      await this.#queries.updateMany({ ...UNLEASED_QUERY, ...this.stepOver() }, lent);
    } catch (error) {
      if (!isDocumentError(error)) throw error;
      await this.#adoptEach(lent, onSetAside);
    }
  }

  /** Gives a lease to each: the server refuses one of them, and with it all behind it. */
  async #adoptEach(lent: Document, onSetAside: QueryClaimOptions["onSetAside"]): Promise<void> {
    const found = await this.#queries
      .find({ ...UNLEASED_QUERY, ...this.stepOver() }, {
        projection: { _id: bounded("$_id") },
        raw: true,
      })
      .map((bytes) => faultyQuery(bytes, "MongoDB refuses to write a lease to it"))
      .toArray();
    for (const query of found) {
      const filter = { ...UNLEASED_QUERY, _id: { $eq: query._id ?? null } };
      const written = await tryUpdateOne(this.#queries, { filter, update: lent });
      if (written === "refused") await this.#quarantine([query], onSetAside);
    }
  }

  /** Finds queries to claim; none if there are only damaged ones, of which enough are in hand. */
  async #findCandidates(
    options: QueryClaimOptions,
  ): Promise<readonly (QueryCandidate | FaultyQuery)[]> {
    const filter = { ...claimableAt(options.now), ...this.stepOver() };
    const size = this.#soundFirst.sizeOfFirst(options);
    const found = size === 0 ? [] : await this.#find(filter, size);
    this.#drained = size > 0 && found.length === 0;
    if (this.#drained) return [];
    const looked = this.#soundFirst.wantsLook(found) ? await this.#look(filter) : [];
    return this.#soundFirst.choose(found, looked, options);
  }

  #find(filter: Document, limit: number): Promise<(QueryCandidate | FaultyQuery)[]> {
    const stages = [
      { $match: filter },
      { $sort: OLDEST_FIRST },
      { $limit: limit },
      ...CANDIDATE_STAGES,
    ];
    return this.#queries.aggregate(stages, { raw: true, allowDiskUse: true })
      .map(readCandidate)
      .toArray();
  }

  /** Reads some of the queries behind the oldest ones. */
  async #look(filter: Document): Promise<(QueryCandidate | FaultyQuery)[]> {
    const stages = [
      { $match: filter },
      { $sort: OLDEST_FIRST },
      { $limit: LOOK_WINDOW },
      { $project: { _id: bounded("$_id") } },
    ];
    const found = await this.#queries.aggregate(stages, { raw: true, allowDiskUse: true })
      .map((bytes) => faultyQuery(bytes, "_id is not an ObjectId"))
      .toArray();
    const named = found.filter(({ _id }) => _id !== undefined);
    const unnamed = found.filter(({ _id }) => _id === undefined);
    const wanted = new Set(this.#soundFirst.selectUnknown(named.map(({ name }) => name)));
    const selected: Document = {
      _id: { $in: named.filter(({ name }) => wanted.has(name)).map(({ _id }) => _id) },
    };
    return [...unnamed, ...await this.#find({ $and: [filter, selected] }, LOOK_WINDOW)];
  }

  /** Puts queries into quarantine, by their `_id` alone. */
  async #quarantine(
    queries: readonly FaultyQuery[],
    onSetAside: QueryClaimOptions["onSetAside"],
  ): Promise<void> {
    const unnamed = queries.some(({ _id }) => _id === undefined)
      ? await quarantineUnnamed(this.#queries)
      : undefined;
    await Promise.all(queries.map(async ({ name: id, _id, reason }) => {
      const written = _id === undefined
        ? unnamed
        : await quarantine(this.#queries, { _id, reason });
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
    const refused = rest.map(({ name, _id }) =>
      ({ name, kind: "quarantined", _id, reason }) as const
    );
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
