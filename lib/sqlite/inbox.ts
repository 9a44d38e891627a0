import type { Child } from "../tahoe/children.ts";
import type { Hash, TahoeObject } from "../tahoe/instance.ts";
import type {
  Inbox,
  InboxStatus,
  QuarantinedQuery,
  QueryClaim,
  QueryClaimOptions,
  QueryOutcome,
} from "../tdql/inbox.ts";
import { SoundFirst } from "../tdql/sound_first.ts";
import { outcomeAttributes } from "../tdql/tdql.ts";
import { announce, Arrivals } from "./arrivals.ts";
import { Collection, type CollectionName, type OpenCollection } from "./collection.ts";
import { DocumentWriter } from "./documents.ts";
import { END_OF_TIME } from "./json_column.ts";
import { findQuery, readInboxStatus } from "./queries.ts";
import {
  claimQueries,
  finishQuery,
  giveBackQuery,
  insertQuery,
  renewQuery,
} from "./query_claims.ts";
import { dropQuarantined, listQuarantined } from "./query_quarantine.ts";
import type { Sqlite } from "./sqlite.ts";

/** The queries among the instances of a collection in an SQLite file. */
export class SqliteInbox implements Inbox {
  readonly #collection: Collection;
  readonly #arrivals: Arrivals;
  readonly #soundFirst = new SoundFirst();

  constructor(sqlite: Sqlite, name: CollectionName) {
    this.#collection = new Collection(sqlite, name);
    this.#arrivals = new Arrivals(sqlite.watcher, nextDue);
  }

  ask(query: TahoeObject, parts: readonly Child[]): Promise<void> {
    return this.#collection.write((inbox) => {
      const writer = new DocumentWriter(inbox);
      for (const part of parts) writer.put(part);
      insertQuery(inbox, query);
      announce(inbox);
    });
  }

  async claim(options: QueryClaimOptions): Promise<QueryClaim[]> {
    const { claims, setAside } = await this.#collection.write((inbox) => {
      this.#arrivals.markSeen(inbox);
      return claimQueries(inbox, options, this.#soundFirst);
    });
    for (const query of setAside) options.onSetAside?.(query);
    return [...claims];
  }

  renew(claims: readonly QueryClaim[], until: number): Promise<Hash[]> {
    return this.#collection.write((inbox) =>
      claims.filter((claim) => !renewQuery(inbox, claim, until)).map(({ id }) => id)
    );
  }

  finish(claim: QueryClaim, outcome: QueryOutcome): Promise<TahoeObject | undefined> {
    return this.#collection.write((inbox) => {
      const writer = new DocumentWriter(inbox);
      for (const part of [...outcomeAttributes(outcome), outcome.report]) writer.put(part);
      return finishQuery(inbox, claim, outcome);
    });
  }

  giveBack(claims: readonly QueryClaim[], reason: string, notBefore: number): Promise<void> {
    return this.#collection.write((inbox) => {
      for (const claim of claims) giveBackQuery(inbox, claim, { reason, notBefore });
    });
  }

  find(id: Hash): Promise<TahoeObject | undefined> {
    return this.#collection.read((inbox) => findQuery(inbox, id));
  }

  status(now: number): Promise<InboxStatus> {
    return this.#collection.read((inbox) => readInboxStatus(inbox, now));
  }

  quarantined(limit: number, ids?: readonly string[]): Promise<QuarantinedQuery[]> {
    return this.#collection.read((inbox) => listQuarantined(inbox, limit, ids));
  }

  dropQuarantined(ids?: readonly string[]): Promise<number> {
    return this.#collection.write((inbox) => dropQuarantined(inbox, ids));
  }

  /** Also resolves when a lease runs out, or when a query that was given back comes due. */
  waitForWork(ms: number, signal: AbortSignal): Promise<void> {
    return this.#arrivals.wait((task) => this.#collection.read(task), { ms, signal });
  }
}

function nextDue({ prepare, id: inbox }: OpenCollection, since: number): number {
  const row = prepare(
    `SELECT min(free_at) AS due FROM queries
     WHERE collection = ? AND status IN ('wait', 'processing')
       AND free_at > ? AND free_at < ${END_OF_TIME}`,
  ).get(inbox, since);
  return Number(row?.["due"] ?? Infinity);
}
