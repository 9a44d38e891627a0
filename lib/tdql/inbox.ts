import type { Child } from "../tahoe/children.ts";
import type { Hash, Report, TahoeObject } from "../tahoe/instance.ts";

/** A query held by a worker. Owner and attempts together fence off a worker that was too late. */
export type QueryClaim = {
  readonly id: Hash;
  readonly owner: string;
  /** How often it was claimed since it was asked, this time included: 1 or more. */
  readonly attempts: number;
  /** Why the attempt before this one failed, if it could still say so. */
  readonly reason?: string;
  /** The query, of status `processing`. */
  readonly query: TahoeObject;
};

export type QueryClaimOptions = {
  readonly owner: string;
  /** At most so many, those asked first come first. What may have killed a worker comes alone. */
  readonly limit: number;
  /** Seconds until others may claim it. */
  readonly lease: number;
  /** Seconds since 1970. */
  readonly now: number;
};

/** How a query ended. */
export type QueryOutcome = { readonly status: "ready" | "failed"; readonly report: Report };

export type InboxStatus = {
  /** Queries by status; `delayed` are those given back after a failure. */
  readonly counts: {
    readonly [status in "invalid" | "wait" | "processing" | "delayed" | "ready" | "failed"]: number;
  };
  /** When the oldest query that is not answered was asked, seconds since 1970; null if none. */
  readonly oldestWaiting: number | null;
  /** Most attempts made at any query that is not answered. */
  readonly maxAttempts: number;
  readonly leases: readonly {
    readonly owner: string;
    readonly queries: number;
    /** Seconds since 1970: when the first of them runs out. */
    readonly until: number;
  }[];
};

/** Where queries wait: TDQL objects in the report database. */
export interface Inbox {
  /**
   * Stores a query of status `wait` with its parts. If it was asked before within the hour, it is
   * asked again: new socket, no answer, no attempts.
   */
  ask(query: TahoeObject, parts: readonly Child[]): Promise<void>;

  /**
   * Claims queries that wait, or are `processing` under a lease that has run out, each in one atomic
   * step that makes its status `processing` and counts the attempt: either several, or a single one
   * whose attempt before this one ended without a word. A query found `processing` without a lease,
   * left by the existing system, is given one first.
   */
  claim(options: QueryClaimOptions): Promise<QueryClaim[]>;

  /** Makes the leases that are still the claims' own end at `until`; returns the ids of the others. */
  renew(claims: readonly QueryClaim[], until: number): Promise<Hash[]>;

  /**
   * Stores the report; then writes how the query ended, status and report_id with their references
   * in one step, and ends the lease. Returns the query as it now is; undefined if the lease is the
   * claim's no more: then the query stays as it is.
   */
  finish(claim: QueryClaim, end: QueryOutcome): Promise<TahoeObject | undefined>;

  /** Ends leases that are still the claims' own; nobody claims these before `notBefore`. */
  giveBack(claims: readonly QueryClaim[], reason: string, notBefore: number): Promise<void>;

  /** The query of this hash; nothing if there is none. */
  find(id: Hash): Promise<TahoeObject | undefined>;

  /** Seconds since 1970 decide what counts as claimed. */
  status(now: number): Promise<InboxStatus>;

  /** Resolves when there may be work, after `ms` milliseconds, or when the signal aborts. */
  waitForWork(ms: number, signal: AbortSignal): Promise<void>;
}
