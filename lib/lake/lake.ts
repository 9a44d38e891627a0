import type { Rejected } from "../errors.ts";
import type { Hash } from "../tahoe/instance.ts";
import type { Fields } from "../tahoe/value.ts";

/** What a member hands in: an envelope and what the entry says of it. */
export type Upload = {
  readonly name: string;
  readonly orgid: string;
  readonly timezone: string;
  readonly typetag: string;
  /** Seconds since 1970, UTC. */
  readonly timestamp: number;
  /** The envelope: see lib/envelope. */
  readonly bytes: Uint8Array;
};

/** How a finished entry ended: spec of the three parse states. */
export type FinalState = "SUCCESS" | "NOT_SUPPORTED" | "ERROR";

/** An entry held by a worker. Owner and attempts together fence off a worker that was too late. */
export type Claim = {
  readonly id: string;
  readonly owner: string;
  /** How often it was claimed, this time included: 1 or more. */
  readonly attempts: number;
  /** Why the attempt before this one failed, if it could still say so. */
  readonly reason?: string;
  /** The entry as it lies in the lake, fields of ours (`claim`) and `fid` left out. */
  readonly entry: Fields;
};

/** What became of a claimed entry. */
export type Outcome =
  | {
    readonly state: "SUCCESS";
    readonly ref: Hash;
    /** There is a filter for it, which made no event, for the reason given. */
    readonly events?: "rejected";
    readonly reason?: string;
  }
  | {
    readonly state: "NOT_SUPPORTED" | "ERROR";
    readonly reason: string;
    /** The file itself is missing or corrupt. */
    readonly badData?: boolean;
  }
  /** Back into the lake, not to be claimed before `notBefore` (seconds since 1970). */
  | { readonly state: "RETRY"; readonly reason: string; readonly notBefore: number };

export type ClaimOptions = {
  readonly owner: string;
  /** At most so many, oldest first. An entry claimed before comes alone: it may be what kills us. */
  readonly limit: number;
  /** Seconds until others may claim it. */
  readonly lease: number;
  /** Seconds since 1970. */
  readonly now: number;
};

/** Chooses finished entries. A field that is missing chooses all. */
export type EntryFilter = {
  readonly states?: readonly FinalState[];
  /** Only Raws that no event could be made of. */
  readonly events?: "rejected";
  readonly typetag?: string;
  readonly ids?: readonly string[];
};

/** A finished or waiting entry, for people. */
export type EntrySummary = {
  readonly id: string;
  readonly state: FinalState | "WAITING" | "CLAIMED" | "DELAYED";
  readonly name: string;
  readonly typetag: string;
  readonly orgid: string;
  /** Seconds since 1970, UTC; null if the entry has none. */
  readonly timestamp: number | null;
  /** Bytes of the envelope; null if its file is missing. */
  readonly size: number | null;
  readonly attempts: number;
  readonly reason: string | null;
  readonly refs: readonly Hash[];
  /** It became a Raw, but no event could be made of it: `reason` says why. */
  readonly events?: "rejected";
};

export type LakeStatus = {
  /** WAITING: never claimed; DELAYED: given back after a failure; CLAIMED: under a lease. */
  readonly counts: Readonly<Record<EntrySummary["state"], number>>;
  /** Of those that ended in SUCCESS: no event could be made of them. */
  readonly rejectedEvents: number;
  /** `timestamp` of the oldest entry that is not finished, seconds since 1970; null if none. */
  readonly oldestWaiting: number | null;
  /** Most attempts made at any unfinished entry. */
  readonly maxAttempts: number;
  readonly leases: readonly {
    readonly owner: string;
    readonly entries: number;
    /** Seconds since 1970: when the first of them runs out. */
    readonly until: number;
  }[];
};

/** Where uploads wait: entries, and the encrypted files they point at. */
export interface CacheLake {
  /** Puts uploads into the lake, files first; returns the entries' ids once they are durable. */
  submit(uploads: readonly Upload[]): Promise<string[]>;

  /**
   * Claims unfinished entries that are under no lease, each in one atomic step that counts the
   * attempt: either several never claimed before, or a single one that was.
   */
  claim(options: ClaimOptions): Promise<Claim[]>;

  /** Makes the leases that are still the claims' own end at `until`; returns the ids of the others. */
  renew(claims: readonly Claim[], until: number): Promise<string[]>;

  /**
   * The envelopes of claimed entries, a group at a time: at most 8 MiB together, or one file. In
   * place of a file over `maxBytes` (which is not read), missing or corrupt comes a {@link Rejected}
   * with code TOO_LARGE, FILE_MISSING or FILE_CORRUPT.
   */
  read(
    claims: readonly Claim[],
    maxBytes: number,
  ): AsyncIterable<readonly { readonly claim: Claim; readonly file: Uint8Array | Rejected }[]>;

  /**
   * Writes what became of claims, each only if its lease is still the claim's own (owner and
   * attempts), and ends the lease. Returns the ids of those that were not.
   */
  settle(ends: readonly { readonly claim: Claim; readonly outcome: Outcome }[]): Promise<string[]>;

  /** Sets finished entries back to waiting, attempts at 0; returns how many. */
  reopen(filter: EntryFilter): Promise<number>;

  /** Entries, newest first. With `states` or `events` finished ones only, otherwise all. */
  list(filter: EntryFilter, limit: number): Promise<EntrySummary[]>;

  /** Seconds since 1970 decide what counts as claimed. */
  status(now: number): Promise<LakeStatus>;

  /** Resolves when there may be new work, after `ms` milliseconds, or when the signal aborts. */
  waitForWork(ms: number, signal: AbortSignal): Promise<void>;
}
