import { chunks } from "../chunks.ts";
import type { Hash, Instance, Raw } from "../tahoe/instance.ts";
import { Damaged, type ImportedRaw, type InstanceStore } from "../tahoe/instances.ts";
import { Collection, type CollectionName } from "./collection.ts";
import {
  insertDocument,
  putDocuments,
  readInstance,
  removeDocument,
  toInstance,
} from "./documents.ts";
import { listImports } from "./imports.ts";
import { jsonColumn } from "./json_column.ts";
import { keyList, keyOf } from "./key.ts";
import { SET_BITS } from "./links.ts";
import { findHolders, findReferredBeyond } from "./referrers.ts";
import type { Connection } from "./sqlite.ts";

/**
 * Instances that one transaction stores. Many at once are fast, because a page that several of them
 * change is written once; but all other writers to the file wait for its end, a second or two.
 */
const STORED_AT_ONCE = 20_000;

/** Reads a page for {@link SqliteInstances.all}: 256 documents, or fewer if they are large. */
const SELECT_PAGE = `
  WITH
    page AS (
      SELECT hash, octet_length(document) AS size FROM instances
      WHERE collection = :collection AND hash > :last ORDER BY hash LIMIT 256
    ),
    sums AS (SELECT hash, sum(size) OVER (ORDER BY hash) - size AS before FROM page)
  SELECT hash, document FROM sums JOIN instances USING (hash)
  WHERE collection = :collection AND before < 8388608 ORDER BY hash`;

const DOCUMENT = `(${jsonColumn("document")})`;

/** A collection of instances in an SQLite file: documents as JSON, references in `links`. */
export class SqliteInstances implements InstanceStore {
  readonly #connection: Connection;
  readonly #name: CollectionName;
  readonly #collection: Collection;

  constructor(connection: Connection, name: CollectionName) {
    this.#connection = connection;
    this.#name = name;
    this.#collection = new Collection(connection, name);
  }

  async put(instances: readonly Instance[]): Promise<void> {
    for await (const chunk of chunks(instances, STORED_AT_ONCE)) {
      await this.#collection.writeInSteps((collection) => putDocuments(collection, chunk));
    }
  }

  get(hashes: readonly Hash[]): Promise<Instance[]> {
    return this.#collection.read(({ prepare, id }) =>
      prepare(
        `SELECT hash, document FROM json_each(?) CROSS JOIN instances
           ON collection = ? AND hash = unhex(value)`,
      ).all(keyList([...new Set(hashes)]), id).map(toInstance)
    );
  }

  parents(hash: Hash): Promise<Instance[]> {
    return this.#findParents(hash, SET_BITS._cref);
  }

  referrers(hash: Hash): Promise<Instance[]> {
    return this.#findParents(hash, SET_BITS._ref);
  }

  replace(hash: Hash, instance: Instance): Promise<void> {
    return this.#collection.write((collection) => {
      if (!removeDocument(collection, hash)) {
        throw new RangeError(
          `Cannot replace instance ${hash}: it is not in ${this.#collection.name}`,
        );
      }
      removeDocument(collection, instance._hash);
      insertDocument(collection, instance);
    });
  }

  remove(hash: Hash): Promise<void> {
    return this.#collection.write((collection) => {
      removeDocument(collection, hash);
    });
  }

  removeAll(hashes: readonly Hash[]): Promise<void> {
    return this.#collection.write((collection) => {
      for (const hash of hashes) removeDocument(collection, hash);
    });
  }

  holders(
    hashes: readonly Hash[],
    itype: "raw" | "session",
  ): Promise<ReadonlyMap<Hash, readonly Hash[]>> {
    return this.#collection.read((collection) => findHolders(collection, hashes, itype));
  }

  referredBeyond(counts: ReadonlyMap<Hash, number>): Promise<ReadonlySet<Hash>> {
    return this.#collection.read((collection) => findReferredBeyond(collection, counts));
  }

  /**
   * Does what {@link InstanceStore.atomically} says. In this process all other use of the file waits
   * for the end of `work`, which must therefore wait for nothing but the store that it is given.
   */
  atomically<T>(work: (store: InstanceStore) => Promise<T>): Promise<T> {
    return this.#connection.transaction((inside) => work(new SqliteInstances(inside, this.#name)));
  }

  async *all(onDamaged?: (damaged: Damaged) => void): AsyncIterable<Instance> {
    let last = new Uint8Array();
    while (true) {
      const page = await this.#collection.read(({ prepare, id }) =>
        prepare(SELECT_PAGE).all({ collection: id, last })
      );
      if (page.length === 0) return;
      for (const instance of page.map(readInstance)) {
        if (instance instanceof Damaged) onDamaged?.(instance);
        else yield instance;
      }
      last = page.at(-1)!["hash"] as Uint8Array<ArrayBuffer>;
    }
  }

  async *raws(subType: string | undefined, after?: Hash): AsyncIterable<Raw> {
    let last = after === undefined ? new Uint8Array() : keyOf(after);
    while (true) {
      const row = await this.#collection.read(({ prepare, id }) =>
        prepare(
          `SELECT hash, document FROM instances
           WHERE collection = :collection AND hash > :last AND itype = 'raw'
             AND (:subType IS NULL OR ${DOCUMENT} ->> '$.sub_type' = :subType)
           ORDER BY hash LIMIT 1`,
        ).get({ collection: id, last, subType: subType ?? null })
      );
      if (row === undefined) return;
      const raw = readInstance(row);
      if (!(raw instanceof Damaged)) yield raw as Raw;
      last = row["hash"] as Uint8Array<ArrayBuffer>;
    }
  }

  async *importedWithoutEvents(): AsyncIterable<ImportedRaw> {
    yield* await this.#collection.read(listImports);
  }

  missing(hashes: readonly Hash[]): Promise<Hash[]> {
    return this.#collection.read(({ prepare, id }) =>
      prepare(
        `SELECT key FROM json_each(?) WHERE NOT EXISTS
           (SELECT 1 FROM instances WHERE collection = ? AND hash = unhex(value))`,
      ).all(keyList(hashes), id).map((row) => hashes[Number(row["key"])]!)
    );
  }

  count(): Promise<Record<string, number>> {
    return this.#collection.read(({ prepare, id }) => {
      const rows = prepare(
        "SELECT itype, count(*) AS count FROM instances WHERE collection = ? GROUP BY itype",
      ).all(id);
      return Object.fromEntries(rows.map((row) => [String(row["itype"]), Number(row["count"])]));
    });
  }

  /** Instances that have the child in a set, given by its bit. */
  #findParents(child: Hash, setBit: number): Promise<Instance[]> {
    return this.#collection.read(({ prepare, id }) =>
      prepare(
        `SELECT hash, document FROM links JOIN instances
           ON instances.collection = links.collection AND instances.hash = links.parent
         WHERE links.collection = ? AND links.child = ? AND links.sets & ?`,
      ).all(id, keyOf(child), setBit).map(toInstance)
    );
  }
}
