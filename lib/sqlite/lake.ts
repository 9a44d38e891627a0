import { nowSeconds } from "../clock.ts";
import type { Rejected } from "../errors.ts";
import type {
  CacheLake,
  Claim,
  ClaimOptions,
  EntryFilter,
  EntrySummary,
  FinishedEntries,
  LakeStatus,
  Outcome,
  Upload,
} from "../lake/lake.ts";
import type { Hash } from "../tahoe/instance.ts";
import { fileGroups } from "../lake/file_groups.ts";
import { announce, Arrivals } from "./arrivals.ts";
import { Collection, type CollectionName, type OpenCollection } from "./collection.ts";
import { countFinished, discardEntries } from "./discard.ts";
import { clearRejected, listEntries, readLakeStatus, reopenEntries } from "./entries.ts";
import { claimEntries, insertEntry, renewEntry, settleEntry } from "./entry_claims.ts";
import { checkFileSize, readEnvelope } from "./files.ts";
import { END_OF_TIME } from "./json_column.ts";
import type { Sqlite } from "./sqlite.ts";

/** A cache lake in an SQLite file. */
export class SqliteLake implements CacheLake {
  readonly #collection: Collection;
  readonly #arrivals: Arrivals;

  constructor(sqlite: Sqlite, name: CollectionName) {
    this.#collection = new Collection(sqlite, name);
    this.#arrivals = new Arrivals(sqlite.watcher, nextDue);
  }

  submit(uploads: readonly Upload[]): Promise<string[]> {
    return this.#collection.write((lake) => {
      const ids = uploads.map((upload) => insertEntry(lake, upload));
      if (ids.length > 0) announce(lake);
      return ids;
    });
  }

  async claim(options: ClaimOptions): Promise<Claim[]> {
    const { claims, setAside } = await this.#collection.write((lake) => {
      this.#arrivals.markSeen(lake);
      return claimEntries(lake, options);
    });
    for (const entry of setAside) options.onSetAside?.(entry);
    return [...claims];
  }

  renew(claims: readonly Claim[], until: number): Promise<string[]> {
    return this.#collection.write((lake) =>
      claims.filter((claim) => !renewEntry(lake, claim, until)).map(({ id }) => id)
    );
  }

  async *read<Entry extends Pick<Claim, "id">>(
    claims: readonly Entry[],
    maxBytes: number,
  ): AsyncIterable<readonly { readonly claim: Entry; readonly file: Uint8Array | Rejected }[]> {
    const files = await this.#collection.read((lake) =>
      claims.map((claim) => ({ claim, size: checkFileSize(lake, claim.id, maxBytes) }))
    );
    for await (const group of fileGroups(files)) {
      yield await this.#collection.read(({ prepare }) =>
        group.map(({ claim, size }) => ({
          claim,
          file: typeof size === "number" ? readEnvelope(prepare, claim.id) : size,
        }))
      );
    }
  }

  settle(
    outcomes: readonly { readonly claim: Claim; readonly outcome: Outcome }[],
  ): Promise<string[]> {
    return this.#collection.write((lake) =>
      outcomes.filter(({ claim, outcome }) => !settleEntry(lake, claim, outcome))
        .map(({ claim }) => claim.id)
    );
  }

  reopen(filter: EntryFilter): Promise<number> {
    return this.#collection.write((lake) => {
      const count = reopenEntries(lake, filter);
      if (count > 0) announce(lake);
      return count;
    });
  }

  noteEventsMade(refs: readonly Hash[]): Promise<number> {
    return this.#collection.write((lake) => clearRejected(lake, refs));
  }

  discard(ids: readonly string[]): Promise<number> {
    return this.#collection.write((lake) => discardEntries(lake, ids));
  }

  countFinished(filter: EntryFilter): Promise<FinishedEntries> {
    return this.#collection.read((lake) => countFinished(lake, filter));
  }

  list(filter: EntryFilter, limit: number, { skip = 0 } = {}): Promise<EntrySummary[]> {
    const now = nowSeconds();
    return this.#collection.read((lake) => listEntries(lake, { filter, limit, skip, now }));
  }

  status(now: number): Promise<LakeStatus> {
    return this.#collection.read((lake) => readLakeStatus(lake, now));
  }

  /** Also resolves when a lease runs out, or when an entry that was given back comes due. */
  waitForWork(ms: number, signal: AbortSignal): Promise<void> {
    return this.#arrivals.wait((task) => this.#collection.read(task), { ms, signal });
  }
}

function nextDue({ prepare, id: lake }: OpenCollection, since: number): number {
  const row = prepare(
    `SELECT min(free_at) AS due FROM entries
     WHERE collection = ? AND state IS NULL AND free_at > ? AND free_at < ${END_OF_TIME}`,
  ).get(lake, since);
  return Number(row?.["due"] ?? Infinity);
}
