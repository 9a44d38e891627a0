import { Fault } from "../tahoe/fault.ts";
import type { Hash } from "../tahoe/instance.ts";
import { isFields, isScalar, type Value } from "../tahoe/value.ts";
import type { OpenCollection } from "./collection.ts";
import { ITYPES } from "./itypes.ts";
import { countColumn } from "./json_column.ts";
import { hasKey, keyOf } from "./key.ts";
import { nextId } from "./next_id.ts";
import {
  DOCUMENT_COLUMNS,
  DocumentReader,
  type DocumentRow,
  readableId,
} from "./read_documents.ts";
import { leafName } from "./skeleton.ts";

/** The row of a hash that is stored, or that something stored refers to. */
export type InstanceRow = Omit<DocumentRow, "document"> & {
  /** Null if nothing is stored under the hash. */
  readonly itype: number | null;
  /** Null if nothing is, or was, stored under the hash. */
  readonly document: Uint8Array | null;
};

const FIND = `
  SELECT ${
  countColumn("itype")
} AS itype, ${DOCUMENT_COLUMNS} FROM instances WHERE collection = ? AND ${hasKey("?")}`;

/** The row of a hash, given by its key. */
export function findRow({ prepare, id }: OpenCollection, key: Uint8Array): InstanceRow | undefined {
  return prepare(FIND).get(id, key, key) as InstanceRow | undefined;
}

/** The same for a writer, who refers to the row: an id that cannot be read is replaced. */
export function findRowToWrite(collection: OpenCollection, key: Uint8Array) {
  const row = findRow(collection, key);
  if (row?.id !== 0) return row;
  const { prepare, id } = collection;
  prepare(
    `UPDATE instances SET id = ${nextId("instances")} WHERE collection = ? AND ${hasKey("?")}`,
  ).run(id, key, key);
  return findRow(collection, key);
}

/** The id of a hash's row; 0, which no row has, if there is none. */
export function findId({ prepare, id }: OpenCollection, hash: Hash): number {
  const key = keyOf(hash);
  const row = prepare(
    `SELECT ${readableId("instances")} FROM instances WHERE collection = ? AND ${hasKey("?")}`,
  )
    .get(id, key, key);
  return Number(row?.["id"] ?? 0);
}

/** The ids of the hashes that have rows. */
export function findIds(collection: OpenCollection, hashes: readonly Hash[]): number[] {
  return [...new Set(hashes)].map((hash) => findId(collection, hash)).filter((id) => id !== 0);
}

/** Inserts a row for a hash that has none; returns its id. */
function insertRow({ prepare, id }: OpenCollection, hash: Hash): number {
  const { lastInsertRowid } = prepare(
    `INSERT INTO instances (id, collection, hash) VALUES (${nextId("instances")}, ?, ?)`,
  ).run(id, keyOf(hash));
  return Number(lastInsertRowid);
}

/** What a parent needs to know of a child: its id and, of an attribute, its name as a leaf. */
export type ChildKey = { readonly id: number; readonly leaf: string | undefined };

/** The leaf name of an attribute; undefined of anything else, and of one that cannot be read. */
function leafOf(document: Value | Fault): string | undefined {
  if (document instanceof Fault || !isFields(document)) return undefined;
  const { itype, sub_type, data } = document;
  return itype === "attribute" && typeof sub_type === "string" && isScalar(data)
    ? leafName(sub_type, data)
    : undefined;
}

/** The keys of children, in one task: what several parents refer to is looked up once. */
export class ChildKeys {
  readonly #collection: OpenCollection;
  readonly #reader: DocumentReader;
  readonly #keys = new Map<Hash, ChildKey>();

  constructor(collection: OpenCollection) {
    this.#collection = collection;
    this.#reader = new DocumentReader(collection.prepare);
  }

  /** The key of a child, which need not be stored: then the hash gets a row to refer to. */
  ensure(hash: Hash): ChildKey {
    let key = this.#keys.get(hash);
    if (key === undefined) {
      key = this.#find(hash) ?? { id: insertRow(this.#collection, hash), leaf: undefined };
      this.#keys.set(hash, key);
    }
    return key;
  }

  /** Notes what has just been stored under a hash. */
  add(hash: Hash, document: Value, id: number): void {
    this.#keys.set(hash, { id, leaf: leafOf(document) });
  }

  /** Whether a hash is known to be that of an attribute that can be read. */
  hasLeaf(hash: Hash): boolean {
    return this.#keys.get(hash)?.leaf !== undefined;
  }

  /** Forgets all keys: rows of hashes that nothing refers to any more may be gone. */
  clear(): void {
    this.#keys.clear();
  }

  #find(hash: Hash): ChildKey | undefined {
    const row = findRowToWrite(this.#collection, keyOf(hash));
    if (row === undefined) return undefined;
    const { id, itype, document } = row;
    if (document === null || (itype !== null && itype !== ITYPES.attribute)) {
      return { id, leaf: undefined };
    }
    return { id, leaf: leafOf(this.#reader.readValues([row])[0]!) };
  }
}
