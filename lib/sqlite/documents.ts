import { Buffer } from "node:buffer";
import { packDocument, type PackedDocument } from "../packed/packed_document.ts";
import { collectReferences } from "../packed/references.ts";
import { Fault } from "../tahoe/fault.ts";
import type { Hash, Instance } from "../tahoe/instance.ts";
import { Damaged, MERGED_FIELDS } from "../tahoe/instances.ts";
import { writeJson } from "../tahoe/json.ts";
import { mergeInstance } from "../tahoe/merge.ts";
import { type Fields, isFields, type Value } from "../tahoe/value.ts";
import type { OpenCollection } from "./collection.ts";
import { keepBytes, toBytes } from "./document_bytes.ts";
import { noteImport } from "./imports.ts";
import { ChildKeys, findRowToWrite, type InstanceRow } from "./instance_keys.ts";
import { itypeNumber } from "./itypes.ts";
import { hashOf, keyOf } from "./key.ts";
import { ensureOrganisation, linkParent, writeLinks } from "./links.ts";
import { nextId } from "./next_id.ts";
import { DOCUMENT_COLUMNS, DocumentReader } from "./read_documents.ts";
import { removeKey } from "./remove_document.ts";
import { ensureTemplate } from "./templates.ts";

/** Columns of `instances`. */
type StoredColumns = {
  readonly itype: number;
  readonly organisation: number | null;
  readonly template: number | null;
  readonly document: Uint8Array;
};

/** A document as it is stored. */
type StoredDocument = StoredColumns & {
  /** What its links say of it. */
  readonly head: Fields;
  /** Everything it refers to. */
  readonly children: readonly StoredChild[];
};

type StoredChild = { readonly hash: Hash; readonly id: number; readonly sets: number };

/** Where a document is to be stored, and the row that is there. */
type Place = {
  readonly key: Uint8Array;
  readonly row: InstanceRow | undefined;
};

/** Stores documents, in one task: what they have in common is looked up once. */
export class DocumentWriter {
  readonly #collection: OpenCollection;
  readonly #keys: ChildKeys;
  readonly #templates = new Map<string, number | undefined>();
  readonly #organisations = new Map<string, number>();

  constructor(collection: OpenCollection) {
    this.#collection = collection;
    this.#keys = new ChildKeys(collection);
  }

  /** Number of hashes of which something is kept. */
  get size(): number {
    return this.#keys.size;
  }

  /**
   * Inserts a document, or merges it into the document that is there under its hash. One that others
   * damaged is replaced: its hash says what it was.
   */
  put(instance: Instance): void {
    if (this.#keys.isSettled(instance._hash)) return;
    noteImport(this.#collection, instance);
    const key = keyOf(instance._hash);
    const row = findRowToWrite(this.#collection, key);
    if (row === undefined || row.itype === null) this.#storeInstance(instance, key, row);
    else this.#putOver(instance, key, row);
    this.#settle(instance, instance._hash);
  }

  /** Does with an instance that is packed what {@link put} does; `unpack` returns it. */
  putPacked(document: PackedDocument, unpack: () => Instance): void {
    const { hash } = document;
    if (this.#keys.isSettled(hash)) return;
    const key = keyOf(hash);
    const row = findRowToWrite(this.#collection, key);
    const isFree = row === undefined || row.itype === null;
    const isPlain = document.head["file"] === undefined && this.#hasLeaves(document);
    if (!isPlain || !isFree && !this.#isStored(document, row)) return this.put(unpack());
    if (isFree) this.#store(document, { key, row });
    this.#settle(document.head, hash);
  }

  /** Notes that a put of what is stored under a hash changes nothing, if that is so. */
  #settle({ itype }: { readonly itype?: Value }, hash: Hash): void {
    if (MERGED_FIELDS[itype as string] === undefined) this.#keys.settle(hash);
  }

  /** Whether the attributes from which a document takes its data are stored, and hold it. */
  #hasLeaves({ references }: PackedDocument): boolean {
    return references.every(({ hash, leaf }) => {
      const stored = leaf && this.#keys.find(hash)?.leaf;
      return leaf === undefined ||
        stored?.subType === leaf.subType && Object.is(stored.data, leaf.data);
    });
  }

  /** Whether a row is just what would be stored now. Tells without reading what is stored. */
  #isStored(document: PackedDocument, row: InstanceRow): boolean {
    if (document.references.some(({ hash }) => this.#keys.find(hash) === undefined)) return false;
    const stored = this.#toStored(document);
    return row.itype === stored.itype && row.organisation === stored.organisation &&
      !isOther(row, stored);
  }

  #putOver(instance: Instance, key: Uint8Array, row: InstanceRow): void {
    if (this.#isStored(this.#pack(toValue(instance), key), row)) return;
    const [present] = new DocumentReader(this.#collection.prepare).readEach([row]);
    if (present instanceof Damaged || present!.itype !== instance.itype) {
      removeKey(this.#collection, key);
      this.#keys.clear();
      this.#storeInstance(instance, key, findRowToWrite(this.#collection, key));
      noteImport(this.#collection, instance);
    } else if (MERGED_FIELDS[instance.itype] !== undefined) {
      this.#merge(instance, present!, { id: row.id, key });
    }
  }

  /** Returns false, and writes nothing, if a document is there under the hash. */
  insert(instance: Instance): boolean {
    const key = keyOf(instance._hash);
    const row = findRowToWrite(this.#collection, key);
    if (row !== undefined && row.itype !== null) return false;
    noteImport(this.#collection, instance);
    this.#storeInstance(instance, key, row);
    return true;
  }

  /** Stores a document under a key that has none, whatever it contains. */
  restore(key: Uint8Array, document: Value): void {
    if (isFields(document)) noteImport(this.#collection, document as unknown as Instance);
    this.#store(this.#pack(document, key), { key, row: findRowToWrite(this.#collection, key) });
  }

  /** Keeps bytes that are not a document under a key that has none. */
  keep(key: Uint8Array, itype: number, bytes: Uint8Array): void {
    const stored = { itype, organisation: null, template: null, document: keepBytes(bytes) };
    const row = findRowToWrite(this.#collection, key);
    if (row === undefined) this.#insert(key, stored);
    else this.#update(row.id, stored);
  }

  #storeInstance(instance: Instance, key: Uint8Array, row: InstanceRow | undefined): void {
    this.#store(this.#pack(toValue(instance), key), { key, row });
  }

  /** Stores a document under a hash that has none, though it may have a row. */
  #store(document: PackedDocument, { key, row }: Place): void {
    const { hash } = document;
    const stored = this.#toStored(document);
    if (row !== undefined && this.#isTaken(row, stored)) this.#detach(row.id);
    // A document may refer to itself.
    const own = row ?? stored.children.find((child) => child.hash === hash);
    const id = own === undefined ? this.#insert(key, stored) : this.#update(own.id, stored);
    this.#link(id, stored);
    this.#keys.add(hash, { id, leaf: document.leaf });
  }

  /** Whether documents may take the data of a removed attribute, which is not that of the new one. */
  #isTaken(row: InstanceRow, stored: StoredDocument): boolean {
    if (row.document === null || !isOther(row, stored)) return false;
    const [removed] = new DocumentReader(this.#collection.prepare).readEach([row]);
    return !(removed instanceof Damaged);
  }

  #insert(key: Uint8Array, { itype, organisation, template, document }: StoredColumns): number {
    const { prepare, id: collection } = this.#collection;
    const { lastInsertRowid } = prepare(
      `INSERT INTO instances (id, collection, hash, itype, organisation, template, document)
       VALUES (${nextId("instances")}, ?, ?, ?, ?, ?, ?)`,
    ).run(collection, key, itype, organisation, template, document);
    return Number(lastInsertRowid);
  }

  #update(id: number, { itype, organisation, template, document }: StoredColumns): number {
    this.#collection.prepare(
      "UPDATE instances SET itype = ?, organisation = ?, template = ?, document = ? WHERE id = ?",
    ).run(itype, organisation, template, document, id);
    return id;
  }

  #link(id: number, { head, organisation, children }: StoredDocument): void {
    if (children.length === 0) return;
    const parent = linkParent(head, id, organisation ?? 0);
    writeLinks(this.#collection.prepare, parent, children);
  }

  /**
   * Merges an instance into the document that is there. An event's links are all written again: they
   * hold its category, which may have changed.
   */
  #merge(
    instance: Instance,
    present: Instance,
    { id, key }: { readonly id: number; readonly key: Uint8Array },
  ): void {
    const whole = toValue(mergeInstance(present, instance));
    if (writeJson(whole) === writeJson(toValue(present))) return;
    const before = present.itype === "event" ? new Map() : collectReferences(toValue(present));
    const stored = this.#toStored(this.#pack(whole, key));
    this.#update(id, stored);
    const children = stored.children.filter(({ hash, sets }) => before.get(hash) !== sets);
    this.#link(id, { ...stored, children });
  }

  /** Writes the data of an attribute into all readable documents that take it from there. */
  #detach(attribute: number): void {
    const { prepare } = this.#collection;
    const parents = prepare(
      `SELECT ${DOCUMENT_COLUMNS} FROM instances
       WHERE id IN (SELECT parent FROM links WHERE child = ?)`,
    ).all(attribute) as unknown as InstanceRow[];
    for (const [i, parent] of new DocumentReader(prepare).readValues(parents).entries()) {
      if (parent instanceof Fault) continue;
      const { id, hash: key } = parents[i]!;
      this.#update(id, this.#toStored(this.#pack(parent, key, attribute)));
    }
  }

  /** Packs a document without the data that its attributes hold; `apartFrom` is the id of one. */
  #pack(document: Value, key: Uint8Array, apartFrom?: number): PackedDocument {
    const leafOf = (hash: Hash) => {
      const child = this.#keys.find(hash);
      return child?.id === apartFrom ? undefined : child?.leaf;
    };
    return packDocument(document, { hash: hashOf(key), leafOf });
  }

  #toStored(document: PackedDocument): StoredDocument {
    const { head, skeleton, references, literals, isCompressed } = document;
    const children = references.map(({ hash, sets }) => ({
      hash,
      id: this.#keys.ensure(hash).id,
      sets,
    }));
    const template = this.#template(skeleton);
    return {
      head,
      itype: itypeNumber(head["itype"]),
      organisation: this.#organisation(head),
      template: template ?? null,
      document: toBytes({
        ...(template === undefined && { skeleton }),
        references: children.map(({ id }) => id),
        literals,
        isCompressed,
      }),
      children,
    };
  }

  /** The organisation of an event, new if necessary; null for what is not an event, or has none. */
  #organisation({ itype, orgid }: Partial<Fields>): number | null {
    if (itype !== "event" || typeof orgid !== "string") return null;
    const id = this.#organisations.get(orgid) ??
      ensureOrganisation(this.#collection.prepare, orgid);
    this.#organisations.set(orgid, id);
    return id;
  }

  #template(skeleton: string): number | undefined {
    if (this.#templates.has(skeleton)) return this.#templates.get(skeleton);
    const id = ensureTemplate(this.#collection.prepare, skeleton);
    this.#templates.set(skeleton, id);
    return id;
  }
}

/** Whether a row holds another document. */
function isOther(row: InstanceRow, { template, document }: StoredDocument): boolean {
  return row.template !== template || row.document === null ||
    Buffer.compare(row.document, document) !== 0;
}

function toValue(instance: Instance): Value {
  return instance as unknown as Fields;
}
