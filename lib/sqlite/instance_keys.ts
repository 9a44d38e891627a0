import type { AttributeName } from "../tahoe/attribute.ts";
import { Fault } from "../tahoe/fault.ts";
import { attributeName } from "../packed/packed_document.ts";
import type { Hash } from "../tahoe/instance.ts";
import type { OpenCollection } from "./collection.ts";
import { ITYPES } from "./itypes.ts";
import { countColumn } from "./json_column.ts";
import { hasKey, keyOf } from "./key.ts";
import { nextId } from "./next_id.ts";
import { DOCUMENT_COLUMNS, DocumentReader, type DocumentRow } from "./read_documents.ts";
import { readableId } from "./readable_id.ts";

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

/** What a parent needs to know of a child: its id and, of an attribute, what it holds. */
export type ChildKey = { readonly id: number; readonly leaf: AttributeName | undefined };

/** The keys of children, in one task: what several parents refer to is looked up once. */
export class ChildKeys {
  readonly #collection: OpenCollection;
  readonly #reader: DocumentReader;
  readonly #keys = new Map<Hash, ChildKey>();
  /** Hashes under which a document is stored that can be read, and that no put changes. */
  readonly #settled = new Set<Hash>();

  constructor(collection: OpenCollection) {
    this.#collection = collection;
    this.#reader = new DocumentReader(collection.prepare);
  }

  /** The key of a child, which need not be stored: then the hash gets a row to refer to. */
  ensure(hash: Hash): ChildKey {
    let key = this.find(hash);
    if (key === undefined) {
      key = { id: insertRow(this.#collection, hash), leaf: undefined };
      this.#keys.set(hash, key);
    }
    return key;
  }

  /** The key of a child; undefined if the hash has no row. */
  find(hash: Hash): ChildKey | undefined {
    const known = this.#keys.get(hash);
    if (known !== undefined) return known;
    const key = this.#read(hash);
    if (key !== undefined) this.#keys.set(hash, key);
    return key;
  }

  /** Notes what has just been stored under a hash. */
  add(hash: Hash, key: ChildKey): void {
    this.#keys.set(hash, key);
  }

  /** Notes that a put of a hash changes nothing. */
  settle(hash: Hash): void {
    this.#settled.add(hash);
  }

  /** Whether a put of a hash is known to change nothing. */
  isSettled(hash: Hash): boolean {
    return this.#settled.has(hash);
  }

  /** Number of hashes of which something is kept. */
  get size(): number {
    return this.#keys.size + this.#settled.size;
  }

  /** Forgets everything: rows of hashes that nothing refers to any more may be gone. */
  clear(): void {
    this.#keys.clear();
    this.#settled.clear();
  }

  #read(hash: Hash): ChildKey | undefined {
    const row = findRowToWrite(this.#collection, keyOf(hash));
    if (row === undefined) return undefined;
    const { id, itype, document } = row;
    if (document === null || (itype !== null && itype !== ITYPES.attribute)) {
      return { id, leaf: undefined };
    }
    const [stored] = this.#reader.readValues([row]);
    return { id, leaf: stored instanceof Fault ? undefined : attributeName(stored!) };
  }
}
