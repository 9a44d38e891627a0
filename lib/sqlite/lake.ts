import { nowSeconds } from "../clock.ts";
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
import { fileGroups } from "../lake/file_groups.ts";
import { announce, Arrivals } from "./arrivals.ts";
import { claimEntries, insertEntry, renewEntry, settleEntry } from "./claims.ts";
import { Collection, type CollectionName } from "./collection.ts";
import { readEnvelope, sizeOf } from "./files.ts";
import { listEntries, readStatus, reopenEntries } from "./entries.ts";
import type { Prepare, Sqlite } from "./sqlite.ts";

/** A cache lake in a SQLite file. */
export class SqliteLake implements CacheLake {
  readonly #collection: Collection;
  readonly #arrivals: Arrivals;

  constructor(sqlite: Sqlite, place: CollectionName) {
    this.#collection = new Collection(sqlite, place);
    this.#arrivals = new Arrivals(sqlite.changes, nextFree);
  }

  submit(uploads: readonly Upload[]): Promise<string[]> {
    return this.#collection.write((prepare, lake) => {
      const ids = uploads.map((upload) => insertEntry(prepare, lake, upload));
      if (ids.length > 0) announce(prepare, lake);
      return ids;
    });
  }

  claim(options: ClaimOptions): Promise<Claim[]> {
    return this.#collection.write((prepare, lake) => {
      this.#arrivals.saw(prepare, lake);
      return claimEntries(prepare, lake, options);
    });
  }

  renew(claims: readonly Claim[], until: number): Promise<string[]> {
    return this.#collection.write((prepare, lake) =>
      claims.filter((claim) => !renewEntry(prepare, lake, claim, until)).map(({ id }) => id)
    );
  }

  async *read(
    claims: readonly Claim[],
    maxBytes: number,
  ): AsyncIterable<readonly { readonly claim: Claim; readonly file: Uint8Array | Rejected }[]> {
    const files = await this.#collection.read((prepare, lake) =>
      claims.map((claim) => ({ claim, size: sizeOf(prepare, lake, claim.id, maxBytes) }))
    );
    for await (const group of fileGroups(files)) {
      yield await this.#collection.read((prepare) =>
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
    return this.#collection.write((prepare, lake) =>
      ends.filter(({ claim, outcome }) => !settleEntry(prepare, lake, claim, outcome))
        .map(({ claim }) => claim.id)
    );
  }

  reopen(filter: EntryFilter): Promise<number> {
    return this.#collection.write((prepare, lake) => {
      const count = reopenEntries(prepare, lake, filter);
      if (count > 0) announce(prepare, lake);
      return count;
    });
  }

  list(filter: EntryFilter, limit: number): Promise<EntrySummary[]> {
    const now = nowSeconds();
    return this.#collection.read((prepare, lake) => listEntries(prepare, lake, filter, limit, now));
  }

  status(now: number): Promise<LakeStatus> {
    return this.#collection.read((prepare, lake) => readStatus(prepare, lake, now));
  }

  /** Wakes, too, when a lease runs out or the time comes that an entry was given back until. */
  waitForWork(ms: number, signal: AbortSignal): Promise<void> {
    return this.#arrivals.wait((look) => this.#collection.read(look), ms, signal);
  }
}

function nextFree(prepare: Prepare, lake: number, since: number): number {
  const row = prepare(
    `SELECT min(free_at) AS free FROM entries
     WHERE collection = ? AND state IS NULL AND free_at > ?`,
  ).get(lake, since);
  return Number(row?.["free"] ?? Infinity);
}
