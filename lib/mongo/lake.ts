import { type Collection, type Document, Double, MongoBulkWriteError, ObjectId } from "mongodb";
import { Rejected } from "../errors.ts";
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
import { Arrivals } from "./arrivals.ts";
import { Claims } from "./claims.ts";
import { claimable, ending, fence, traces } from "./entry.ts";
import { GridFs } from "./gridfs.ts";
import { waitingIndex } from "./indices.ts";
import { chosen, lakeStatus, listEntries } from "./lake_summary.ts";
import { collectionOf, type Mongo, onServer, type Place } from "./open.ts";

/**
 * The cache lake of the existing API and archive: entries (see entry.ts) and GridFS files. Make its
 * indices first: see indices.ts.
 */
export class MongoLake implements CacheLake {
  readonly #entries: Collection<Document>;
  readonly #files: GridFs;
  readonly #arrivals: Arrivals;
  readonly #claims: Claims;

  constructor(mongo: Mongo, place: Place) {
    this.#entries = collectionOf(mongo, place);
    this.#claims = new Claims(this.#entries);
    this.#files = new GridFs(mongo, place.db);
    this.#arrivals = new Arrivals(mongo, {
      collection: this.#entries,
      pipeline: arriving,
      nextDue: (since) => this.#nextDue(since),
    });
  }

  /** Ends what waits for work. The connection is whose who opened it. */
  close(): Promise<void> {
    return this.#arrivals.close();
  }

  submit(uploads: readonly Upload[]): Promise<string[]> {
    return onServer(async () => {
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
    return onServer(() => this.#claims.claim(options));
  }

  renew(claims: readonly Claim[], until: number): Promise<string[]> {
    const update = { $set: { "claim.until": new Double(until) } };
    return this.#updateHeld(claims.map((claim) => ({ claim, update })));
  }

  async *read(claims: readonly Claim[], maxBytes: number): ReturnType<CacheLake["read"]> {
    const located = await onServer(() => this.#locate(claims, maxBytes));
    for await (const group of fileGroups(located)) {
      const sound = group.flatMap(({ fid, size }) =>
        typeof size === "number" ? [[fid, size] as const] : []
      );
      const files = await onServer(() => this.#files.read(new Map(sound)));
      yield group.map(({ claim, fid, size }) => ({
        claim,
        file: typeof size === "number" ? files.get(fid)! : size,
      }));
    }
  }

  async #locate(claims: readonly Claim[], maxBytes: number): Promise<Located[]> {
    const ids = claims.map(({ id }) => new ObjectId(id));
    const entries = this.#entries.find({ _id: { $in: ids } }, { projection: { fid: 1 } });
    const fids = new Map<string, unknown>();
    for await (const { _id, fid } of entries) fids.set(String(_id), fid);
    const valid = [...fids.values()].filter((fid) => fid instanceof ObjectId);
    const sizes = await this.#files.sizes(valid);
    return claims.map((claim) => {
      const fid = String(fids.get(claim.id));
      return { claim, fid, size: readableSize(fid, sizes.get(fid), maxBytes) };
    });
  }

  settle(ends: readonly { readonly claim: Claim; readonly outcome: Outcome }[]): Promise<string[]> {
    return this.#updateHeld(
      ends.map(({ claim, outcome }) => ({ claim, update: ending(claim, outcome) })),
    );
  }

  /** Updates entries whose claims still hold them; returns the ids of the others. */
  #updateHeld(writes: readonly { claim: Claim; update: Document }[]): Promise<string[]> {
    if (writes.length === 0) return Promise.resolve([]);
    const operations = writes.map(({ claim, update }) => ({
      updateOne: { filter: fence(claim), update: { ...update, ...unlessFound }, upsert: true },
    }));
    return onServer(async () => {
      try {
        await this.#entries.bulkWrite(operations, { ordered: false });
        return [];
      } catch (error) {
        return notFound(error).map((i) => (writes[i] as { claim: Claim }).claim.id);
      }
    });
  }

  reopen(filter: EntryFilter): Promise<number> {
    return onServer(async () => {
      const { modifiedCount } = await this.#entries.updateMany(
        { $and: [{ processed: true }, chosen(filter)] },
        { $set: { processed: false }, $unset: traces },
      );
      return modifiedCount;
    });
  }

  list(filter: EntryFilter, limit: number): Promise<EntrySummary[]> {
    return onServer(() => listEntries(this.#entries, this.#files, { filter, limit }));
  }

  status(now: number): Promise<LakeStatus> {
    return onServer(() => lakeStatus(this.#entries, now));
  }

  waitForWork(ms: number, signal: AbortSignal): Promise<void> {
    return this.#arrivals.wait({ ms, signal, drained: this.#claims.drained });
  }

  async #nextDue(since?: number): Promise<number> {
    const later = since === undefined ? {} : { "claim.until": { $gt: since } };
    const [first] = await this.#entries
      .find({ ...claimable, ...later }, {
        projection: { "claim.until": 1 },
        hint: waitingIndex,
        // Whoever was told of a change must see it, be it at a majority or not.
        readConcern: { level: "local" },
      })
      .sort({ "claim.until": 1 })
      .limit(1)
      .toArray();
    return first === undefined ? Infinity : Number(first["claim"]?.until ?? 0);
  }
}

/** Changes that may bring work: an entry is new, opened again or given back. */
const arriving: Document[] = [
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

/**
 * With `upsert: true` it turns an update that finds nothing into an error that says which one of
 * the batch it was, for no insert can bring two `_id`s together. Nothing is ever inserted.
 */
const unlessFound = { $setOnInsert: { _id: new ObjectId("0".repeat(24)) } };
const immutableField = 66;

/** Which of a batch's updates found nothing. Throws what is any other error. */
function notFound(error: unknown): number[] {
  if (!(error instanceof MongoBulkWriteError) || error.result.getWriteConcernError()) throw error;
  const faults = [error.writeErrors].flat();
  if (faults.length === 0 || faults.some(({ code }) => code !== immutableField)) throw error;
  return faults.map(({ index }) => index);
}

/** A claim and its file's id, and its size or why it is not to be read. */
type Located = {
  readonly claim: Claim;
  readonly fid: string;
  readonly size: number | Rejected;
};

function readableSize(fid: string, size: number | undefined, maxBytes: number): number | Rejected {
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
