import type { Child } from "../tahoe/children.ts";
import type { Hash, TahoeObject } from "../tahoe/instance.ts";
import type {
  Inbox,
  InboxStatus,
  QueryClaim,
  QueryClaimOptions,
  QueryOutcome,
} from "../tdql/inbox.ts";
import { endParts } from "../tdql/tdql.ts";
import { announce, Arrivals } from "./arrivals.ts";
import { Collection, type CollectionName } from "./collection.ts";
import { putDocument } from "./documents.ts";
import { findQuery, readInboxStatus } from "./queries.ts";
import {
  claimQueries,
  finishQuery,
  giveBackQuery,
  insertQuery,
  renewQuery,
} from "./query_claims.ts";
import type { Prepare, Sqlite } from "./sqlite.ts";

/** The queries among the instances of a collection in a SQLite file. */
export class SqliteInbox implements Inbox {
  readonly #collection: Collection;
  readonly #arrivals: Arrivals;

  constructor(sqlite: Sqlite, place: CollectionName) {
    this.#collection = new Collection(sqlite, place);
    this.#arrivals = new Arrivals(sqlite.changes, nextFree);
  }

  ask(query: TahoeObject, parts: readonly Child[]): Promise<void> {
    return this.#collection.write((prepare, inbox) => {
      for (const part of parts) putDocument(prepare, inbox, part);
      insertQuery(prepare, inbox, query);
      announce(prepare, inbox);
    });
  }

  claim(options: QueryClaimOptions): Promise<QueryClaim[]> {
    return this.#collection.write((prepare, inbox) => {
      this.#arrivals.saw(prepare, inbox);
      return claimQueries(prepare, inbox, options);
    });
  }

  renew(claims: readonly QueryClaim[], until: number): Promise<Hash[]> {
    return this.#collection.write((prepare, inbox) =>
      claims.filter((claim) => !renewQuery(prepare, inbox, claim, until)).map(({ id }) => id)
    );
  }

  finish(claim: QueryClaim, end: QueryOutcome): Promise<TahoeObject | undefined> {
    return this.#collection.write((prepare, inbox) => {
      for (const each of [...endParts(end), end.report]) putDocument(prepare, inbox, each);
      return finishQuery(prepare, inbox, claim, end);
    });
  }

  giveBack(claims: readonly QueryClaim[], reason: string, notBefore: number): Promise<void> {
    return this.#collection.write((prepare, inbox) => {
      for (const claim of claims) giveBackQuery(prepare, inbox, claim, { reason, notBefore });
    });
  }

  find(id: Hash): Promise<TahoeObject | undefined> {
    return this.#collection.read((prepare, inbox) => findQuery(prepare, inbox, id));
  }

  status(now: number): Promise<InboxStatus> {
    return this.#collection.read((prepare, inbox) => readInboxStatus(prepare, inbox, now));
  }

  /** Wakes, too, when a lease runs out or the time comes that a query was given back until. */
  waitForWork(ms: number, signal: AbortSignal): Promise<void> {
    return this.#arrivals.wait((look) => this.#collection.read(look), ms, signal);
  }
}

function nextFree(prepare: Prepare, inbox: number, since: number): number {
  const row = prepare(
    `SELECT min(free_at) AS free FROM queries
     WHERE collection = ? AND status IN ('wait', 'processing') AND free_at > ?`,
  ).get(inbox, since);
  return Number(row?.["free"] ?? Infinity);
}
