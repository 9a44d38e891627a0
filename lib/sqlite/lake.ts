import { setTimeout as sleep } from "node:timers/promises";
import type { Rejected } from "../errors.ts";
import type {
  CacheLake,
  Claim,
  ClaimOptions,
  EntryFilter,
  EntrySummary,
  LakeStatus,
  Outcome,
  Upload,
} from "../lake/lake.ts";
import { groupsOf } from "../lake/groups.ts";
import { claimEntries, insertEntry, renewEntry, settleEntry } from "./claims.ts";
import {
  type CollectionName,
  collectionName,
  ensureCollection,
  findCollection,
} from "./collection.ts";
import { readEnvelope, sizeOf } from "./files.ts";
import { listEntries, readStatus, reopenEntries } from "./entries.ts";
import type { Jobs, Prepare } from "./sqlite.ts";

/** Milliseconds between two looks for new work; a look takes some 5 µs. */
const LOOK = 75;

/** A cache lake in a SQLite file. */
export class SqliteLake implements CacheLake {
  readonly #jobs: Jobs;
  readonly #name: string;
  /** The lake's count of arrivals at the last claim, or the last look that found more. */
  #seen: number | undefined;

  constructor(jobs: Jobs, collection: CollectionName) {
    this.#jobs = jobs;
    this.#name = collectionName(collection);
  }

  submit(uploads: readonly Upload[]): Promise<string[]> {
    return this.#write((prepare, lake) => {
      const ids = uploads.map((upload) => insertEntry(prepare, lake, upload));
      if (ids.length > 0) announce(prepare, lake);
      return ids;
    });
  }

  claim(options: ClaimOptions): Promise<Claim[]> {
    return this.#write((prepare, lake) => {
      this.#seen = arrivals(prepare, lake);
      return claimEntries(prepare, lake, options);
    });
  }

  renew(claims: readonly Claim[], until: number): Promise<string[]> {
    return this.#write((prepare, lake) =>
      claims.filter((claim) => !renewEntry(prepare, lake, claim, until)).map(({ id }) => id)
    );
  }

  async *read(
    claims: readonly Claim[],
    maxBytes: number,
  ): AsyncIterable<readonly { readonly claim: Claim; readonly file: Uint8Array | Rejected }[]> {
    const files = await this.#read((prepare, lake) =>
      claims.map((claim) => ({ claim, size: sizeOf(prepare, lake, claim.id, maxBytes) }))
    );
    for (const group of groupsOf(files)) {
      yield await this.#read((prepare) =>
        group.map(({ claim, size }) => ({
          claim,
          file: typeof size === "number" ? readEnvelope(prepare, claim.id) : size,
        }))
      );
    }
  }

  settle(
    ends: readonly { readonly claim: Claim; readonly outcome: Outcome }[],
  ): Promise<string[]> {
    return this.#write((prepare, lake) =>
      ends.filter(({ claim, outcome }) => !settleEntry(prepare, lake, claim, outcome))
        .map(({ claim }) => claim.id)
    );
  }

  reopen(filter: EntryFilter): Promise<number> {
    return this.#write((prepare, lake) => {
      const count = reopenEntries(prepare, lake, filter);
      if (count > 0) announce(prepare, lake);
      return count;
    });
  }

  list(filter: EntryFilter, limit: number): Promise<EntrySummary[]> {
    const now = Date.now() / 1000;
    return this.#read((prepare, lake) => listEntries(prepare, lake, filter, limit, now));
  }

  status(now: number): Promise<LakeStatus> {
    return this.#read((prepare, lake) => readStatus(prepare, lake, now));
  }

  /** Wakes, too, when a lease runs out or the time comes that an entry was given back until. */
  async waitForWork(ms: number, signal: AbortSignal): Promise<void> {
    const start = Date.now() / 1000;
    const end = performance.now() + ms;
    const seen = this.#seen ??= await this.#read(arrivals);
    while (!signal.aborted && performance.now() < end) {
      const found = await this.#read((prepare, lake) => ({
        arrivals: arrivals(prepare, lake),
        freed: anyFreed(prepare, lake, start),
      }));
      if (found.arrivals !== seen) this.#seen = found.arrivals;
      if (found.arrivals !== seen || found.freed) return;
      const rest = Math.max(0, end - performance.now());
      // Rejects when the signal aborts, which the loop sees by itself.
      await sleep(Math.min(LOOK, rest), undefined, { signal }).catch(() => {});
    }
  }

  #read<T>(job: (prepare: Prepare, lake: number) => T): Promise<T> {
    return this.#jobs.read((prepare) => job(prepare, findCollection(prepare, this.#name)));
  }

  #write<T>(job: (prepare: Prepare, lake: number) => T): Promise<T> {
    return this.#jobs.write((prepare) => job(prepare, ensureCollection(prepare, this.#name)));
  }
}

function announce(prepare: Prepare, lake: number): void {
  prepare("UPDATE collections SET arrivals = arrivals + 1 WHERE id = ?").run(lake);
}

function arrivals(prepare: Prepare, lake: number): number {
  const row = prepare("SELECT arrivals FROM collections WHERE id = ?").get(lake);
  return row === undefined ? 0 : Number(row["arrivals"]);
}

function anyFreed(prepare: Prepare, lake: number, since: number): boolean {
  const row = prepare(
    `SELECT 1 FROM entries WHERE collection = ? AND state IS NULL
     AND free_at > ? AND free_at <= unixepoch('subsec') LIMIT 1`,
  ).get(lake, since);
  return row !== undefined;
}
