import type { Rejected } from "../errors.ts";
import type { Hash } from "../tahoe/instance.ts";
import type { Fields } from "../tahoe/value.ts";

/** What a member sends: an envelope, and the fields of its entry. */
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

/** State of a finished entry: the three parse states of the contract. */
export type FinalState = "SUCCESS" | "NOT_SUPPORTED" | "ERROR";

/** An entry that a worker holds under a lease. Owner and attempts together fence off a late worker. */
export type Claim = {
  readonly id: string;
  readonly owner: string;
  /** Claims of this entry so far, this one included: 1 or more. */
  readonly attempts: number;
  /** Why the previous attempt failed, if its worker lived to say so. */
  readonly reason?: string;
  /** What is read of the stored entry, without our own field `claim` and without `fid`. */
  readonly entry: Fields;
};

/** What became of a claimed entry, as the lake notes it. */
export type Outcome =
  | {
    readonly state: "SUCCESS";
    readonly ref: Hash;
    /** Set if the entry has a filter, which made no event: `reason` says why. */
    readonly events?: "rejected";
    readonly reason?: string;
  }
  | {
    readonly state: "NOT_SUPPORTED" | "ERROR";
    readonly reason: string;
    /** Set if the file itself is missing or corrupt. */
    readonly badData?: boolean;
  }
  /** Goes back into the lake; not claimed again before `notBefore` (seconds since 1970). */
  | { readonly state: "RETRY"; readonly reason: string; readonly notBefore: number };

export type ClaimOptions = {
  readonly owner: string;
  /** Most entries to claim, oldest first. An entry claimed before comes alone: it may be what kills workers. */
  readonly limit: number;
  /** Seconds until others may claim it. */
  readonly lease: number;
  /** Seconds since 1970. */
  readonly now: number;
  /** Called with each entry that no worker can claim, once it has become an ERROR. */
  readonly onSetAside?: (entry: SetAside) => void;
};

/** An entry that cannot be claimed because of what its document contains. */
export type SetAside = {
  readonly id: string;
  readonly reason: string;
  /** Whether not even its state can be written: it stays as it is, and claims step over it. */
  readonly kept: boolean;
};

/** Selects entries: with `stuck` unfinished ones. A missing field selects all. */
export type EntryFilter = {
  readonly states?: readonly FinalState[];
  /** Select only entries whose Raw has no events because its filter failed. */
  readonly events?: "rejected";
  /** Select only unfinished entries that can neither be claimed nor, perhaps, set aside. */
  readonly stuck?: true;
  readonly typetags?: readonly string[];
  readonly ids?: readonly string[];
  readonly orgids?: readonly string[];
  /** Uploaded at or after `since`, and before `before`: seconds since 1970. */
  readonly since?: number;
  readonly before?: number;
  /** Entries of this name, and those of its lines and parts: `NAME:12`. */
  readonly file?: string;
  /** Entries that became one of these Raws. */
  readonly refs?: readonly Hash[];
};

/** A finished or waiting entry, as commands show it. */
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
  /** Set if it became a Raw without events because its filter failed: `reason` says why. */
  readonly events?: "rejected";
};

/** Finished entries by state, and the bytes of their envelopes. */
export type FinishedEntries = Readonly<
  Record<FinalState, { readonly entries: number; readonly bytes: number }>
>;

export type LakeStatus = {
  /** WAITING: never claimed; DELAYED: given back after a failure; CLAIMED: under a lease. */
  readonly counts: Readonly<Record<EntrySummary["state"], number>>;
  /** Entries that ended in SUCCESS, but without events because their filter failed. */
  readonly rejectedEvents: number;
  /** `timestamp` of the oldest unfinished entry, in seconds since 1970; null if there is none. */
  readonly oldestWaiting: number | null;
  /** Most attempts made at any unfinished entry. */
  readonly maxAttempts: number;
  /** Those of at most 100 owners: the ones with most entries, largest first. */
  readonly leases: readonly {
    readonly owner: string;
    readonly entries: number;
    /** When the first of these leases runs out, in seconds since 1970. */
    readonly until: number;
  }[];
  /** Number of all owners of leases. */
  readonly leaseOwners: number;
  /** Unfinished entries that `stuck` selects; missing if there are none. */
  readonly stuck?: number;
};

/** The store in which uploads wait: entries, and the encrypted files they point to. */
export interface CacheLake {
  /** Stores uploads, files first. Returns the ids of the entries once they are durable. */
  submit(uploads: readonly Upload[]): Promise<string[]>;

  /**
   * Claims unfinished entries that nobody holds, each in one atomic step that counts the attempt:
   * either several that were never claimed before, or a single one that was. An entry whose document
   * has fields of wrong types ends as ERROR instead, with a reason that names the field.
   */
  claim(options: ClaimOptions): Promise<Claim[]>;

  /** Moves the end of each lease that its claim still holds to `until`. Returns the ids of the others. */
  renew(claims: readonly Claim[], until: number): Promise<string[]>;

  /**
   * Reads the envelopes of entries in groups: at most 8 MiB together, or one file. Gives a
   * {@link Rejected} in place of a file that is missing (FILE_MISSING), corrupt (FILE_CORRUPT) or
   * over `maxBytes` and so not read (TOO_LARGE).
   */
  read<Entry extends Pick<Claim, "id">>(
    claims: readonly Entry[],
    maxBytes: number,
  ): AsyncIterable<readonly { readonly claim: Entry; readonly file: Uint8Array | Rejected }[]>;

  /**
   * Writes what became of each claim that still holds its lease (same owner and attempts), and ends
   * the lease. Returns the ids of the claims that had lost theirs.
   */
  settle(
    outcomes: readonly { readonly claim: Claim; readonly outcome: Outcome }[],
  ): Promise<string[]>;

  /** Puts finished entries back to waiting, with 0 attempts. Returns how many. */
  reopen(filter: EntryFilter): Promise<number>;

  /**
   * Takes entries of these Raws out of the quarantine whose events were rejected: they were made since.
   * Returns how many.
   */
  noteEventsMade(refs: readonly Hash[]): Promise<number>;

  /** Deletes finished entries with their files, for good. Returns how many entries. */
  discard(ids: readonly string[]): Promise<number>;

  /** Counts finished entries. */
  countFinished(filter: EntryFilter): Promise<FinishedEntries>;

  /**
   * Lists entries, newest first: with `states` or `events` only finished ones, otherwise all. Leaves
   * out the first `skip` of them.
   */
  list(filter: EntryFilter, limit: number, options?: { skip?: number }): Promise<EntrySummary[]>;

  /** Counts entries by state. `now`, in seconds since 1970, decides which leases have run out. */
  status(now: number): Promise<LakeStatus>;

  /** Resolves when there may be new work, after `ms` milliseconds, or when the signal aborts. */
  waitForWork(ms: number, signal: AbortSignal): Promise<void>;
}
