import { chunks } from "../chunks.ts";
import type { Hash, Instance, Raw } from "../tahoe/instance.ts";
import type { InstanceStore } from "../tahoe/instances.ts";
import { Collection, type CollectionName } from "./collection.ts";
import { insertDocument, putDocuments, takeDocument, toInstance } from "./documents.ts";
import { keyList, keyOf } from "./key.ts";
import { SETS } from "./links.ts";
import type { Jobs } from "./sqlite.ts";

/**
 * Instances that one transaction stores. Many together are fast, for a page that several of them
 * change is written once; but whoever else writes to the file waits for the end, a second or two.
 */
const STORED_AT_ONCE = 20_000;

/** What {@link SqliteInstances.all} reads at a time: 256 documents, fewer where they are large. */
const PAGE = `
  WITH
    page AS (
      SELECT hash, octet_length(document) AS size FROM instances
      WHERE collection = :collection AND hash > :last ORDER BY hash LIMIT 256
    ),
    sums AS (SELECT hash, sum(size) OVER (ORDER BY hash) - size AS before FROM page)
  SELECT hash, document FROM sums JOIN instances USING (hash)
  WHERE collection = :collection AND before < 8388608 ORDER BY hash`;

/** A collection of instances in a SQLite file: documents as JSON, references in `links`. */
export class SqliteInstances implements InstanceStore {
  readonly #jobs: Jobs;
  readonly #place: CollectionName;
  readonly #collection: Collection;

  constructor(jobs: Jobs, place: CollectionName) {
    this.#jobs = jobs;
    this.#place = place;
    this.#collection = new Collection(jobs, place);
  }

  async put(instances: readonly Instance[]): Promise<void> {
    for await (const some of chunks(instances, STORED_AT_ONCE)) {
      await this.#collection.writeInSteps((prepare, collection) =>
        putDocuments(prepare, collection, some)
      );
    }
  }

  get(hashes: readonly Hash[]): Promise<Instance[]> {
    return this.#collection.read((prepare, collection) =>
      prepare(
        `SELECT document FROM json_each(?) CROSS JOIN instances
           ON collection = ? AND hash = unhex(value)`,
      ).all(keyList([...new Set(hashes)]), collection).map(toInstance)
    );
  }

  parents(hash: Hash): Promise<Instance[]> {
    return this.#linked(hash, SETS._cref);
  }

  referrers(hash: Hash): Promise<Instance[]> {
    return this.#linked(hash, SETS._ref);
  }

  replace(hash: Hash, instance: Instance): Promise<void> {
    return this.#collection.write((prepare, collection) => {
      if (!takeDocument(prepare, collection, hash)) {
        throw new RangeError(
          `Cannot replace instance ${hash}: it is not in ${this.#collection.name}`,
        );
      }
      takeDocument(prepare, collection, instance._hash);
      insertDocument(prepare, collection, instance);
    });
  }

  remove(hash: Hash): Promise<void> {
    return this.#collection.write((prepare, collection) => {
      takeDocument(prepare, collection, hash);
    });
  }

  /**
   * See {@link InstanceStore.atomically}. All other use of the file in this process waits for the
   * end of `work`: it must not wait for anything but the store it is given.
   */
  atomically<T>(work: (store: InstanceStore) => Promise<T>): Promise<T> {
    return this.#jobs.transaction((inside) => work(new SqliteInstances(inside, this.#place)));
  }

  async *all(): AsyncIterable<Instance> {
    let last = new Uint8Array();
    while (true) {
      const page = await this.#collection.read((prepare, collection) =>
        prepare(PAGE).all({ collection, last })
      );
      if (page.length === 0) return;
      yield* page.map(toInstance);
      last = page.at(-1)!["hash"] as Uint8Array<ArrayBuffer>;
    }
  }

  async *raws(subType: string, after?: Hash): AsyncIterable<Raw> {
    let last = after === undefined ? new Uint8Array() : keyOf(after);
    while (true) {
      const row = await this.#collection.read((prepare, collection) =>
        prepare(
          `SELECT hash, document FROM instances
           WHERE collection = ? AND hash > ? AND itype = 'raw'
             AND document ->> '$.sub_type' = ?
           ORDER BY hash LIMIT 1`,
        ).get(collection, last, subType)
      );
      if (row === undefined) return;
      yield toInstance(row) as Raw;
      last = row["hash"] as Uint8Array<ArrayBuffer>;
    }
  }

  missing(hashes: readonly Hash[]): Promise<Hash[]> {
    return this.#collection.read((prepare, collection) =>
      prepare(
        `SELECT key FROM json_each(?) WHERE NOT EXISTS
           (SELECT 1 FROM instances WHERE collection = ? AND hash = unhex(value))`,
      ).all(keyList(hashes), collection).map((row) => hashes[Number(row["key"])]!)
    );
  }

  count(): Promise<Record<string, number>> {
    return this.#collection.read((prepare, collection) => {
      const rows = prepare(
        "SELECT itype, count(*) AS count FROM instances WHERE collection = ? GROUP BY itype",
      ).all(collection);
      return Object.fromEntries(rows.map((row) => [String(row["itype"]), Number(row["count"])]));
    });
  }

  #linked(child: Hash, set: number): Promise<Instance[]> {
    return this.#collection.read((prepare, collection) =>
      prepare(
        `SELECT document FROM links JOIN instances
           ON instances.collection = links.collection AND instances.hash = links.parent
         WHERE links.collection = ? AND links.child = ? AND links.sets & ?`,
      ).all(collection, keyOf(child), set).map(toInstance)
    );
  }
}
