import type { Hash, Instance, Raw } from "../tahoe/instance.ts";
import {
  Damaged,
  type ImportedRaw,
  type InstanceStore,
  type OnDamaged,
  type PackedInstances,
} from "../tahoe/instances.ts";
import { Collection, type CollectionName } from "./collection.ts";
import { READ_SIZE } from "./document_bytes.ts";
import { DocumentWriter } from "./documents.ts";
import { listImports } from "./imports.ts";
import { findId } from "./instance_keys.ts";
import { itypeName, ITYPES } from "./itypes.ts";
import { countColumn, jsonColumn } from "./json_column.ts";
import { hasKey, keyList, keyOf } from "./key.ts";
import { SET_BITS } from "./links.ts";
import { InstancePutter } from "./put_instances.ts";
import { DOCUMENT_COLUMNS, DocumentReader } from "./read_documents.ts";
import { removeDocument } from "./remove_document.ts";
import { findHolders, findReferredBeyond } from "./referrers.ts";
import type { Connection, Prepare, Row } from "./sqlite.ts";

/** Reads a page for {@link SqliteInstances.all}: 256 documents, or fewer if they are large. */
const SELECT_PAGE = `
  WITH
    page AS (
      SELECT id, ${READ_SIZE} AS size FROM instances
      WHERE +collection = :collection AND id > CAST(:last AS INTEGER) AND itype IS NOT NULL ORDER BY id LIMIT 256
    ),
    sums AS (SELECT id, sum(size) OVER (ORDER BY id) - size AS before FROM page)
  SELECT CAST(instances.id AS TEXT) AS place, ${DOCUMENT_COLUMNS} FROM sums JOIN instances ON instances.id = sums.id
  WHERE before < 8388608 ORDER BY instances.id`;

/**
 * A collection of instances in an SQLite file: documents without what is stored elsewhere, and the
 * links between them.
 */
export class SqliteInstances implements InstanceStore {
  readonly #connection: Connection;
  readonly #name: CollectionName;
  readonly #collection: Collection;
  readonly #putter: InstancePutter;

  constructor(connection: Connection, name: CollectionName) {
    this.#connection = connection;
    this.#name = name;
    this.#collection = new Collection(connection, name);
    this.#putter = new InstancePutter(this.#collection);
  }

  put(instances: readonly Instance[]): Promise<void> {
    return this.#putter.put(instances);
  }

  putPacked(packed: PackedInstances): Promise<void> {
    return this.#putter.putPacked(packed);
  }

  get(hashes: readonly Hash[], onDamaged?: OnDamaged): Promise<Instance[]> {
    return this.#collection.read(({ prepare, id }) => {
      const rows = prepare(
        `SELECT ${DOCUMENT_COLUMNS} FROM json_each(?) CROSS JOIN instances
           ON collection = ? AND ${hasKey("unhex(value)")} AND itype IS NOT NULL`,
      ).all(keyList([...new Set(hashes)]), id);
      return readInstances(prepare, rows, onDamaged);
    });
  }

  parents(hash: Hash, onDamaged?: OnDamaged): Promise<Instance[]> {
    return this.#findParents(hash, SET_BITS._cref, onDamaged);
  }

  referrers(hash: Hash, onDamaged?: OnDamaged): Promise<Instance[]> {
    return this.#findParents(hash, SET_BITS._ref, onDamaged);
  }

  replace(hash: Hash, instance: Instance): Promise<void> {
    return this.#collection.write((collection) => {
      if (!removeDocument(collection, hash)) {
        throw new RangeError(
          `Cannot replace instance ${hash}: it is not in ${this.#collection.name}`,
        );
      }
      removeDocument(collection, instance._hash);
      new DocumentWriter(collection).insert(instance);
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

  async *all(onDamaged?: OnDamaged): AsyncIterable<Instance> {
    // Ids of damaged rows may be anything: as a text each is exact.
    let last = String(-(2n ** 63n));
    while (true) {
      const { rows, instances } = await this.#collection.read(({ prepare, id }) => {
        const rows = prepare(SELECT_PAGE).all({ collection: id, last });
        return { rows, instances: new DocumentReader(prepare).readEach(rows) };
      });
      if (rows.length === 0) return;
      for (const instance of instances) {
        if (instance instanceof Damaged) onDamaged?.(instance);
        else yield instance;
      }
      last = String(rows.at(-1)!["place"]);
    }
  }

  async *raws(subType: string | undefined, after?: Hash): AsyncIterable<Raw> {
    let last = after === undefined ? new Uint8Array() : keyOf(after);
    while (true) {
      const found = await this.#collection.read(({ prepare, id }) => {
        const row = prepare(
          `SELECT ${DOCUMENT_COLUMNS} FROM instances
           WHERE collection = :id AND hash > :last AND itype = ${ITYPES.raw}
             AND (:subType IS NULL OR template IS NULL OR template IN
               (SELECT id FROM templates WHERE (${
            jsonColumn("skeleton")
          }) ->> '$.sub_type' = '=' || :subType))
           ORDER BY hash LIMIT 1`,
        ).get({ id, last, subType: subType ?? null });
        return row && { row, raw: new DocumentReader(prepare).readEach([row])[0] as Raw | Damaged };
      });
      if (found === undefined) return;
      const { row, raw } = found;
      const isWanted = !(raw instanceof Damaged) &&
        (subType === undefined || raw.sub_type === subType);
      if (isWanted) yield raw;
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
           (SELECT 1 FROM instances
             WHERE collection = ? AND ${hasKey("unhex(value)")} AND itype IS NOT NULL)`,
      ).all(keyList(hashes), id).map((row) => hashes[Number(row["key"])]!)
    );
  }

  count(): Promise<Record<string, number>> {
    return this.#collection.read(({ prepare, id }) => {
      const rows = prepare(
        `SELECT ${countColumn("itype")} AS known, count(*) AS count FROM instances
         WHERE collection = ? AND itype IS NOT NULL GROUP BY known`,
      ).all(id);
      return Object.fromEntries(
        rows.map(({ known, count }) => [itypeName(known ?? -1), Number(count)]),
      );
    });
  }

  /** Instances that have the child in a set, given by its bit. */
  #findParents(child: Hash, setBit: number, onDamaged?: OnDamaged): Promise<Instance[]> {
    return this.#collection.read((collection) => {
      const { prepare } = collection;
      const rows = prepare(
        `SELECT ${DOCUMENT_COLUMNS} FROM links JOIN instances ON instances.id = links.parent
         WHERE child = ? AND sets & ?`,
      ).all(findId(collection, child), setBit);
      return readInstances(prepare, rows, onDamaged);
    });
  }
}

function readInstances(
  prepare: Prepare,
  rows: readonly Row[],
  onDamaged: OnDamaged | undefined,
): Instance[] {
  const reader = new DocumentReader(prepare);
  return onDamaged === undefined ? reader.read(rows) : reader.readSound(rows, onDamaged);
}
