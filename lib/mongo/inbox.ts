import { type Collection, type Document, Double } from "mongodb";
import { attribute } from "../tahoe/attribute.ts";
import type { Child } from "../tahoe/children.ts";
import type { Hash, TahoeObject } from "../tahoe/instance.ts";
import type { Fields } from "../tahoe/value.ts";
import type {
  Inbox,
  InboxStatus,
  QueryClaim,
  QueryClaimOptions,
  QueryOutcome,
} from "../tdql/inbox.ts";
import { upsertWrites } from "./upsert.ts";
import { endParts } from "../tdql/tdql.ts";
import { Arrivals } from "./arrivals.ts";
import { fromBson, toBson } from "./bson.ts";
import { inboxStatus } from "./inbox_summary.ts";
import { MongoInstances } from "./instances.ts";
import { collectionOf, type Mongo, onServer, type Place } from "./open.ts";
import {
  arriving,
  ending,
  fence,
  isQuery,
  processingQueries,
  toQuery,
  waitingQueries,
} from "./query.ts";
import { QueryClaims } from "./query_claims.ts";

/**
 * The queries in the report collection of the existing API (see query.ts). Make its indices first,
 * those of a collection of instances: see indices.ts.
 */
export class MongoInbox implements Inbox {
  readonly #queries: Collection<Document>;
  readonly #instances: MongoInstances;
  readonly #arrivals: Arrivals;
  readonly #claims: QueryClaims;
  /** Whether the status that claims give is stored. */
  #prepared = false;

  constructor(mongo: Mongo, place: Place) {
    this.#queries = collectionOf(mongo, place);
    this.#instances = new MongoInstances(mongo, place);
    this.#claims = new QueryClaims(this.#queries);
    this.#arrivals = new Arrivals(mongo, {
      collection: this.#queries,
      pipeline: arriving,
      nextDue: (since) => this.#nextDue(since),
    });
  }

  /** Ends what waits for work. The connection is whose who opened it. */
  close(): Promise<void> {
    return this.#arrivals.close();
  }

  async ask(query: TahoeObject, parts: readonly Child[]): Promise<void> {
    const filter = { _hash: query._hash };
    const replacement = toBson(query as unknown as Fields);
    // One command, done in its order: whoever sees the query finds its parts.
    const asked = { replaceOne: { filter, replacement, upsert: true } };
    const writes = [...parts.flatMap(upsertWrites), asked];
    await onServer(() => this.#queries.bulkWrite(writes));
  }

  async claim(options: QueryClaimOptions): Promise<QueryClaim[]> {
    if (!this.#prepared) {
      // The API makes a query's data of its children's documents.
      await this.#instances.put([attribute("status", "processing")]);
      this.#prepared = true;
    }
    return await onServer(() => this.#claims.claim(options));
  }

  renew(claims: readonly QueryClaim[], until: number): Promise<Hash[]> {
    const update = { $set: { "claim.until": new Double(until) } };
    return this.#updateHeld(claims, update);
  }

  async giveBack(
    claims: readonly QueryClaim[],
    reason: string,
    notBefore: number,
  ): Promise<void> {
    await this.#updateHeld(claims, {
      $set: { "claim.until": new Double(notBefore), "claim.reason": reason },
      $unset: { "claim.owner": "", "claim.token": "" },
    });
  }

  /** Updates queries whose claims still hold them; returns the ids of the others. */
  #updateHeld(claims: readonly QueryClaim[], update: Document): Promise<Hash[]> {
    return onServer(async () => {
      const results = await Promise.all(
        claims.map((claim) => this.#queries.updateOne(fence(claim), update)),
      );
      return claims.filter((_, i) => results[i]?.matchedCount === 0).map(({ id }) => id);
    });
  }

  finish(claim: QueryClaim, end: QueryOutcome): Promise<TahoeObject | undefined> {
    const stored = [...endParts(end), end.report].flatMap(upsertWrites);
    const { filter, update } = ending(claim, end);
    return onServer(async () => {
      // A majority that has the end has what was written before.
      await this.#queries.bulkWrite(stored, { writeConcern: { w: 1 } });
      const options = { returnDocument: "after", raw: true } as const;
      const bytes: Document | null = await this.#queries.findOneAndUpdate(filter, update, options);
      return bytes === null ? undefined : toQuery(fromBson(bytes));
    });
  }

  find(id: Hash): Promise<TahoeObject | undefined> {
    return onServer(async () => {
      const bytes = await this.#queries.findOne({ ...isQuery, _hash: id }, { raw: true });
      return bytes === null ? undefined : toQuery(fromBson(bytes));
    });
  }

  status(now: number): Promise<InboxStatus> {
    return onServer(() => inboxStatus(this.#queries, now));
  }

  waitForWork(ms: number, signal: AbortSignal): Promise<void> {
    return this.#arrivals.wait({ ms, signal, drained: this.#claims.drained });
  }

  async #nextDue(since?: number): Promise<number> {
    // Whoever was told of a change must see it, be it at a majority or not.
    const readConcern = { level: "local" } as const;
    const waiting = since === undefined
      ? await this.#queries.findOne(waitingQueries, { projection: { _id: 1 }, readConcern })
      : null;
    if (waiting !== null) return 0;
    const [first] = await this.#queries
      .find({ ...processingQueries, "claim.until": { $gt: since ?? -Infinity } }, {
        projection: { "claim.until": 1 },
        readConcern,
      })
      .sort({ "claim.until": 1 })
      .limit(1)
      .toArray();
    return first === undefined ? Infinity : Number(first["claim"].until);
  }
}
