import { type Collection, type Document, Double } from "mongodb";
import { attribute } from "../tahoe/attribute.ts";
import type { Child } from "../tahoe/children.ts";
import { Fault } from "../tahoe/fault.ts";
import type { Hash, TahoeObject } from "../tahoe/instance.ts";
import type { Fields } from "../tahoe/value.ts";
import type {
  Inbox,
  InboxStatus,
  QuarantinedQuery,
  QueryClaim,
  QueryClaimOptions,
  QueryOutcome,
} from "../tdql/inbox.ts";
import { outcomeAttributes } from "../tdql/tdql.ts";
import { Arrivals } from "./arrivals.ts";
import { fromBson, toBson } from "./bson.ts";
import { readInboxStatus } from "./inbox_summary.ts";
import { MongoInstances } from "./instances.ts";
import { readLease } from "./lease.ts";
import { type CollectionName, collectionOf, type Mongo } from "./open.ts";
import {
  finishUpdate,
  PROCESSING_QUERY,
  QUERY,
  QUERY_ARRIVALS,
  queryFenceFilter,
  toQuery,
  WAITING_QUERY,
} from "./query.ts";
import { QueryClaims } from "./query_claims.ts";
import { dropQuarantined, listQuarantined } from "./query_quarantine.ts";
import { withStoreErrors } from "./store_errors.ts";
import { removeUnreadableReport } from "./unreadable_reports.ts";
import { tryUpdateOne } from "./update_each.ts";
import { upsertWrites } from "./upsert.ts";

/**
 * The queries in the report collection of the existing API (see query.ts). Create the collection's
 * indices first: see indices.ts.
 */
export class MongoInbox implements Inbox {
  readonly #queries: Collection<Document>;
  readonly #instances: MongoInstances;
  readonly #arrivals: Arrivals;
  readonly #claims: QueryClaims;
  /** Whether the attribute `status=processing` is stored, which claims refer to. */
  #prepared = false;

  constructor(mongo: Mongo, name: CollectionName) {
    this.#queries = collectionOf(mongo, name);
    this.#instances = new MongoInstances(mongo, name);
    this.#claims = new QueryClaims(this.#queries);
    this.#arrivals = new Arrivals(mongo, {
      collection: this.#queries,
      pipeline: QUERY_ARRIVALS,
      nextDue: (since) => this.#nextDue(since),
    });
  }

  /** Closes the change stream, but not the connection. */
  close(): Promise<void> {
    return this.#arrivals.close();
  }

  async ask(query: TahoeObject, parts: readonly Child[]): Promise<void> {
    const filter = { _hash: query._hash };
    const replacement = toBson(query as unknown as Fields);
    // One ordered command, so that a reader of the query finds its parts.
    const replaceQuery = { replaceOne: { filter, replacement, upsert: true } };
    const writes = [...parts.flatMap(upsertWrites), replaceQuery];
    await withStoreErrors(() => this.#queries.bulkWrite(writes));
  }

  async claim(options: QueryClaimOptions): Promise<QueryClaim[]> {
    if (!this.#prepared) {
      // The API rebuilds a query's data from the documents of its children.
      await this.#instances.put([attribute("status", "processing")]);
      this.#prepared = true;
    }
    return await withStoreErrors(() => this.#claims.claim(options));
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

  /** Updates the queries that their claims still hold; returns the ids of the others. */
  #updateHeld(claims: readonly QueryClaim[], update: Document): Promise<Hash[]> {
    return withStoreErrors(async () => {
      const results = await Promise.all(
        claims.map((claim) =>
          tryUpdateOne(this.#queries, { filter: queryFenceFilter(claim), update })
        ),
      );
      return claims.filter((_, i) => results[i] !== "done").map(({ id }) => id);
    });
  }

  finish(claim: QueryClaim, outcome: QueryOutcome): Promise<TahoeObject | undefined> {
    const writes = [...outcomeAttributes(outcome), outcome.report].flatMap(upsertWrites);
    const { filter, update } = finishUpdate(claim, outcome);
    return withStoreErrors(async () => {
      await removeUnreadableReport(this.#queries, outcome.report._hash);
      // A majority that has the update below also has these earlier writes.
      await this.#queries.bulkWrite(writes, { writeConcern: { w: 1 } });
      const options = { returnDocument: "after", raw: true } as const;
      const bytes: Document | null = await this.#queries.findOneAndUpdate(filter, update, options);
      return bytes === null ? undefined : toQuery(fromBson(bytes));
    });
  }

  find(id: Hash): Promise<TahoeObject | undefined> {
    return withStoreErrors(async () => {
      const bytes = await this.#queries.findOne({ ...QUERY, _hash: id }, { raw: true });
      return bytes === null ? undefined : toQuery(fromBson(bytes));
    });
  }

  status(now: number): Promise<InboxStatus> {
    return withStoreErrors(() => readInboxStatus(this.#queries, now));
  }

  quarantined(limit: number, ids?: readonly string[]): Promise<QuarantinedQuery[]> {
    return withStoreErrors(() => listQuarantined(this.#queries, limit, ids));
  }

  dropQuarantined(ids?: readonly string[]): Promise<number> {
    return withStoreErrors(() => dropQuarantined(this.#queries, ids));
  }

  waitForWork(ms: number, signal: AbortSignal): Promise<void> {
    return this.#arrivals.wait({ ms, signal, drained: this.#claims.drained });
  }

  async #nextDue(since?: number): Promise<number> {
    // A change must be visible to this check, whether or not a majority has it yet.
    const readConcern = { level: "local" } as const;
    const stepOver = this.#claims.stepOver();
    const waiting = since === undefined
      ? await this.#queries.findOne({ ...WAITING_QUERY, ...stepOver }, {
        projection: { _id: 1 },
        raw: true,
        readConcern,
      })
      : null;
    if (waiting !== null) return 0;
    const [first] = await this.#queries
      .find({ ...PROCESSING_QUERY, ...stepOver, "claim.until": { $gt: since ?? -Infinity } }, {
        projection: { claim: 1 },
        raw: true,
        readConcern,
      })
      .sort({ "claim.until": 1 })
      .limit(1)
      .map((bytes) => readLease(fromBson(bytes)["claim"]))
      .toArray();
    if (first === undefined) return Infinity;
    return first instanceof Fault ? 0 : first.until ?? 0;
  }
}
