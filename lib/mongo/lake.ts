import { type Collection, type Document, Double, ObjectId } from "mongodb";
import { nowSeconds } from "../clock.ts";
import { Rejected } from "../errors.ts";
import type { Hash } from "../tahoe/instance.ts";
import { Fault } from "../tahoe/fault.ts";
import { fileGroups } from "../lake/file_groups.ts";
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
import { Arrivals } from "./arrivals.ts";
import { countFinished, discardEntries } from "./discard.ts";
import { fromBson } from "./bson.ts";
import { ATTEMPT_FIELDS, fenceFilter, objectIdHex, settleUpdate, UNFINISHED } from "./entry.ts";
import { EntryClaims } from "./entry_claims.ts";
import { bounded } from "./expressions.ts";
import { GridFs } from "./gridfs.ts";
import { readLease } from "./lease.ts";
import { WaitingHint } from "./waiting_hint.ts";
import { listEntries, readLakeStatus, selectEntries } from "./lake_summary.ts";
import { type CollectionName, collectionOf, type Mongo } from "./open.ts";
import { withStoreErrors } from "./store_errors.ts";
import { updateEach } from "./update_each.ts";

/**
 * The cache lake of the existing API and archive: entries (see entry.ts) and GridFS files. Create
 * its indices first: see indices.ts.
 */
export class MongoLake implements CacheLake {
  readonly #entries: Collection<Document>;
  readonly #files: GridFs;
  readonly #arrivals: Arrivals;
  readonly #claims: EntryClaims;
  readonly #hint = new WaitingHint();

  constructor(mongo: Mongo, name: CollectionName) {
    this.#entries = collectionOf(mongo, name);
    this.#claims = new EntryClaims(this.#entries);
    this.#files = new GridFs(mongo, name.db);
    this.#arrivals = new Arrivals(mongo, {
      collection: this.#entries,
      pipeline: ENTRY_ARRIVALS,
      nextDue: (since) => this.#nextDue(since),
    });
  }

  /** Closes the change stream, but not the connection. */
  close(): Promise<void> {
    return this.#arrivals.close();
  }

  submit(uploads: readonly Upload[]): Promise<string[]> {
    return withStoreErrors(async () => {
      if (uploads.length === 0) return [];
      const fids = await this.#files.write(uploads);
      const entries = uploads.map(({ bytes: _, timestamp, ...rest }, i) => ({
        timestamp: new Double(timestamp),
        processed: false,
        ...rest,
        fid: fids[i],
      }));
      const { insertedIds } = await this.#entries.insertMany(entries);
      return entries.map((_, i) => String(insertedIds[i]));
    });
  }

  claim(options: ClaimOptions): Promise<Claim[]> {
    return withStoreErrors(() => this.#claims.claim(options));
  }

  renew(claims: readonly Claim[], until: number): Promise<string[]> {
    const update = { $set: { "claim.until": new Double(until) } };
    return this.#updateHeld(claims.map((claim) => ({ claim, update })));
  }

  async *read<Entry extends Pick<Claim, "id">>(
    claims: readonly Entry[],
    maxBytes: number,
  ): AsyncIterable<readonly { readonly claim: Entry; readonly file: Uint8Array | Rejected }[]> {
    const files = await withStoreErrors(() => this.#locateFiles(claims, maxBytes));
    for await (const group of fileGroups(files)) {
      const sizes = group.flatMap(({ fid, size }) =>
        typeof size === "number" ? [[fid, size] as const] : []
      );
      const contents = await withStoreErrors(() => this.#files.read(new Map(sizes)));
      yield group.map(({ claim, fid, size }) => ({
        claim,
        file: typeof size === "number" ? contents.get(fid)! : size,
      }));
    }
  }

  async #locateFiles<Entry extends Pick<Claim, "id">>(
    claims: readonly Entry[],
    maxBytes: number,
  ): Promise<LocatedFile<Entry>[]> {
    const fids = await this.#findFiles(claims);
    const sizes = await this.#files.sizes([...fids.values()].map((fid) => new ObjectId(fid)));
    return claims.map((claim) => {
      const fid = fids.get(claim.id) ?? "";
      return { claim, fid, size: checkFileSize(fid, sizes.get(fid), maxBytes) };
    });
  }

  /** Hex digits of the ids of the entries' files, by the entries' ids. */
  async #findFiles(claims: readonly Pick<Claim, "id">[]): Promise<ReadonlyMap<string, string>> {
    const fids = new Map<string, string>();
    const others: ObjectId[] = [];
    for (const claim of claims) {
      const file = this.#claims.fileOf(claim);
      if (file === undefined) others.push(new ObjectId(claim.id));
      else fids.set(claim.id, file);
    }
    if (others.length === 0) return fids;
    const options = { projection: { fid: bounded("$fid") }, raw: true } as const;
    const entries = this.#entries.find({ _id: { $in: others } }, options);
    for await (const { _id, fid } of entries.map((raw) => fromBson(raw))) {
      const [id, file] = [objectIdHex(_id), objectIdHex(fid)];
      if (id !== undefined && file !== undefined) fids.set(id, file);
    }
    return fids;
  }

  settle(
    outcomes: readonly { readonly claim: Claim; readonly outcome: Outcome }[],
  ): Promise<string[]> {
    return this.#updateHeld(
      outcomes.map(({ claim, outcome }) => ({ claim, update: settleUpdate(claim, outcome) })),
    );
  }

  /** Updates the entries that their claims still hold; returns the ids of the others. */
  async #updateHeld(writes: readonly { claim: Claim; update: Document }[]): Promise<string[]> {
    const updates = writes.map(({ claim, update }) => ({ filter: fenceFilter(claim), update }));
    const { unmatched, refused } = await withStoreErrors(() => updateEach(this.#entries, updates));
    return writes.filter((_, i) => unmatched.has(i) || refused.has(i)).map(({ claim }) => claim.id);
  }

  reopen(filter: EntryFilter): Promise<number> {
    return withStoreErrors(async () => {
      const { modifiedCount } = await this.#entries.updateMany(
        { $and: [{ processed: true }, selectEntries(filter)] },
        { $set: { processed: false }, $unset: ATTEMPT_FIELDS },
      );
      return modifiedCount;
    });
  }

  noteEventsMade(refs: readonly Hash[]): Promise<number> {
    return withStoreErrors(async () => {
      const filter = { $and: [{ processed: true }, selectEntries({ events: "rejected", refs })] };
      const { modifiedCount } = await this.#entries.updateMany(filter, {
        $unset: { events: "", reason: "" },
      });
      return modifiedCount;
    });
  }

  discard(ids: readonly string[]): Promise<number> {
    return withStoreErrors(() => discardEntries(this.#entries, this.#files, ids));
  }

  countFinished(filter: EntryFilter): Promise<FinishedEntries> {
    return withStoreErrors(() => countFinished(this.#entries, filter));
  }

  list(filter: EntryFilter, limit: number, { skip = 0 } = {}): Promise<EntrySummary[]> {
    return withStoreErrors(() => listEntries(this.#entries, this.#files, { filter, limit, skip }));
  }

  status(now: number): Promise<LakeStatus> {
    return withStoreErrors(() => readLakeStatus(this.#entries, now));
  }

  waitForWork(ms: number, signal: AbortSignal): Promise<void> {
    return this.#arrivals.wait({ ms, signal, drained: this.#claims.drained });
  }

  async #nextDue(since?: number): Promise<number> {
    const later = { ...(since !== undefined && { "claim.until": { $gt: since } }) };
    const [first] = await this.#hint.use((hint) =>
      this.#entries
        .find({ ...UNFINISHED, ...this.#claims.stepOver(), ...later }, {
          projection: { claim: bounded("$claim") },
          // A change must be visible to this check, whether or not a majority has it yet.
          readConcern: { level: "local" },
          raw: true,
          ...hint,
        })
        .sort({ "claim.until": 1 })
        .limit(1)
        .map((bytes) => readLease(fromBson(bytes)["claim"]))
        .toArray()
    );
    if (first === undefined) return Infinity;
    if (!(first instanceof Fault)) return first.until ?? 0;
    // Lists and least keys sort before sound entries, which must not wait for the look at those.
    const now = nowSeconds();
    const finds = since === undefined && await this.#claims.hasCandidate(now);
    return finds ? 0 : now + FAULTY_PAUSE;
  }
}

/** Seconds after which to look again at an entry whose lease cannot be read. */
const FAULTY_PAUSE = 1;

/** Selects the changes that may bring work: an entry is new, reopened or given back. */
const ENTRY_ARRIVALS: Document[] = [
  {
    $match: {
      $or: [
        { operationType: { $in: ["insert", "replace"] } },
        { "updateDescription.updatedFields.processed": false },
        { "updateDescription.removedFields": "claim.owner" },
      ],
    },
  },
  { $project: { _id: 1 } },
];

/** An entry, the id of its file, and the file's size or why the file must not be read. */
type LocatedFile<Entry> = {
  readonly claim: Entry;
  readonly fid: string;
  readonly size: number | Rejected;
};

function checkFileSize(fid: string, size: number | undefined, maxBytes: number): number | Rejected {
  if (size === undefined) {
    return new Rejected("FILE_MISSING", "The entry's file is not in GridFS");
  }
  if (!Number.isSafeInteger(size) || size < 0) {
    return new Rejected("FILE_CORRUPT", `GridFS file ${fid} has no valid length`);
  }
  if (size > maxBytes) {
    return new Rejected("TOO_LARGE", `The file has ${size} bytes, more than ${maxBytes}`);
  }
  return size;
}
