import type { Child } from "../tahoe/children.ts";
import type { Fault } from "../tahoe/fault.ts";
import type { Hash, Report, TahoeObject } from "../tahoe/instance.ts";

/** A query that a worker holds under a lease. Owner and attempts together are its fence. */
export type QueryClaim = {
  readonly id: Hash;
  readonly owner: string;
  /** Claims since it was asked, including this one: 1 or more. */
  readonly attempts: number;
  /** Why the previous attempt failed, if its worker could still record it. */
  readonly reason?: string;
  /** The query, with status `processing`. */
  readonly query: TahoeObject;
  /** What is wrong with its document, so that it can only fail. */
  readonly fault?: Fault;
};

export type QueryClaimOptions = {
  readonly owner: string;
  /** Most queries to claim; those asked first come first. */
  readonly limit: number;
  /** Most of these that may have a fault; the same by default. */
  readonly damaged?: number;
  /** Seconds until others may claim the queries. */
  readonly lease: number;
  /** Seconds since 1970, UTC. */
  readonly now: number;
  /** Called with each query to which no report can be tied, once it is in quarantine. */
  readonly onSetAside?: (query: SetAsideQuery) => void;
};

/** A query to which no report can be tied, because of what its document contains. */
export type SetAsideQuery = {
  readonly id: string;
  readonly reason: string;
  /** Whether not even this can be written: it stays as it is, and claims step over it. */
  readonly kept: boolean;
};

/** A query in quarantine, as commands show it. */
export type QuarantinedQuery = {
  readonly id: string;
  /** Its hash; null if it has none. */
  readonly hash: Hash | null;
  readonly reason: string;
  /** Names of its fields, each with the type that it has. */
  readonly fields: Readonly<Record<string, string>>;
};

/** How a query ended. */
export type QueryOutcome = { readonly status: "ready" | "failed"; readonly report: Report };

export type InboxStatus = {
  /** Queries by status; `delayed` ones were given back after a failure. */
  readonly counts: {
    readonly [status in "invalid" | "wait" | "processing" | "delayed" | "ready" | "failed"]: number;
  };
  /** When the oldest unanswered query was asked, in seconds since 1970; null if there is none. */
  readonly oldestWaiting: number | null;
  /** Highest number of attempts at an unanswered query. */
  readonly maxAttempts: number;
  /** Those of at most 100 owners: the ones with most queries, largest first. */
  readonly leases: readonly {
    readonly owner: string;
    readonly queries: number;
    /** When the first of them runs out, in seconds since 1970. */
    readonly until: number;
  }[];
  /** Number of all owners of leases. */
  readonly leaseOwners: number;
  /** Queries to which no report can be tied; missing if there are none. */
  readonly quarantined?: number;
};

/** The store in which queries wait: the TDQL objects of the report database. */
export interface Inbox {
  /**
   * Stores a query with its parts: one of status `wait`, or one that has ended, whose report is
   * stored. A query that was already asked within the hour starts again: it gets the new socket, and
   * loses its answer and its attempts.
   */
  ask(query: TahoeObject, parts: readonly Child[]): Promise<void>;

  /**
   * Claims queries that wait, or are `processing` under a lease that has run out. Each is claimed in
   * one atomic step, which makes its status `processing` and counts the attempt. A query whose
   * previous attempt ended without a recorded reason may have killed its worker, so it is claimed
   * alone. A query that the existing system left `processing` without a lease gets one first. A
   * query to which no report can be tied goes into quarantine instead.
   */
  claim(options: QueryClaimOptions): Promise<QueryClaim[]>;

  /** Extends the leases that the claims still hold to `until`; returns the ids of the lost ones. */
  renew(claims: readonly QueryClaim[], until: number): Promise<Hash[]>;

  /**
   * Stores the report; then writes the outcome, which is status and report_id with their references,
   * in one step that ends the lease. Returns the query as it is now; undefined if the claim has lost
   * its lease, in which case the query stays unchanged.
   */
  finish(claim: QueryClaim, outcome: QueryOutcome): Promise<TahoeObject | undefined>;

  /** Ends the leases that the claims still hold; their queries can be claimed from `notBefore` on. */
  giveBack(claims: readonly QueryClaim[], reason: string, notBefore: number): Promise<void>;

  /** Finds a query by its hash; undefined if there is none. */
  find(id: Hash): Promise<TahoeObject | undefined>;

  /** Summarises the inbox; leases that ended before `now`, in seconds since 1970, do not count. */
  status(now: number): Promise<InboxStatus>;

  /** Lists queries in quarantine; with ids, only those. */
  quarantined(limit: number, ids?: readonly string[]): Promise<QuarantinedQuery[]>;

  /** Removes queries in quarantine from the store; with ids, only those. Returns how many. */
  dropQuarantined(ids?: readonly string[]): Promise<number>;

  /** Resolves when there may be work, after `ms` milliseconds, or when the signal is aborted. */
  waitForWork(ms: number, signal: AbortSignal): Promise<void>;
}
