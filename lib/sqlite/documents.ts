import type { Hash, Instance } from "../tahoe/instance.ts";
import { MERGED_FIELDS } from "../tahoe/instances.ts";
import { writeJson } from "../tahoe/json.ts";
import { mergeInstance } from "../tahoe/merge.ts";
import type { Fields } from "../tahoe/value.ts";
import type { OpenCollection } from "./collection.ts";
import { toBytes } from "./document_bytes.ts";
import { noteImport } from "./imports.ts";
import { ChildKeys, findRow, type InstanceRow } from "./instance_keys.ts";
import { ITYPES } from "./itypes.ts";
import { keyOf } from "./key.ts";
import { collectReferences, ensureOrganisation, linkParent, writeLinks } from "./links.ts";
import { DOCUMENT_COLUMNS, DocumentReader } from "./read_documents.ts";
import { dismantle } from "./skeleton.ts";
import { ensureTemplate } from "./templates.ts";

/** A document as it is stored. */
type StoredDocument = {
  /** Columns of `instances`. */
  readonly itype: number;
  readonly organisation: number | null;
  readonly template: number | null;
  readonly document: Uint8Array;
  /** Everything it refers to. */
  readonly children: readonly StoredChild[];
};

type StoredChild = { readonly hash: Hash; readonly id: number; readonly sets: number };

/** Stores documents, in one task: what they have in common is looked up once. */
export class DocumentWriter {
  readonly #collection: OpenCollection;
  readonly #keys: ChildKeys;
  readonly #templates = new Map<string, number | undefined>();

  constructor(collection: OpenCollection) {
    this.#collection = collection;
    this.#keys = new ChildKeys(collection);
  }

  /** Inserts a document, or merges it into the document that is there under its hash. */
  put(instance: Instance): void {
    noteImport(this.#collection, instance);
    const key = keyOf(instance._hash);
    const row = findRow(this.#collection, key);
    if (row === undefined || row.itype === null) this.#store(instance, { key, row });
    else if (MERGED_FIELDS[instance.itype] !== undefined) this.#merge(instance, row);
  }

  /** Returns false, and writes nothing, if a document is there under the hash. */
  insert(instance: Instance): boolean {
    const key = keyOf(instance._hash);
    const row = findRow(this.#collection, key);
    if (row !== undefined && row.itype !== null) return false;
    noteImport(this.#collection, instance);
    this.#store(instance, { key, row });
    return true;
  }

  /** Stores a document under a hash that has none, though it may have a row. */
  #store(
    instance: Instance,
    { key, row }: { readonly key: Uint8Array; readonly row: InstanceRow | undefined },
  ): void {
    const stored = this.#toStored(instance);
    if (row !== undefined && row.document !== null && isOther(row, stored)) this.#detach(row.id);
    // A document may refer to itself.
    const own = row ?? stored.children.find(({ hash }) => hash === instance._hash);
    const id = own === undefined ? this.#insert(key, stored) : this.#update(own.id, stored);
    this.#link(instance, id, stored);
    this.#keys.add(instance, id);
  }

  #insert(key: Uint8Array, { itype, organisation, template, document }: StoredDocument) {
    const { prepare, id: collection } = this.#collection;
    const { lastInsertRowid } = prepare(
      `INSERT INTO instances (collection, hash, itype, organisation, template, document)
       VALUES (?, ?, ?, ?, ?, ?)`,
    ).run(collection, key, itype, organisation, template, document);
    return Number(lastInsertRowid);
  }

  #update(id: number, { itype, organisation, template, document }: StoredDocument): number {
    this.#collection.prepare(
      "UPDATE instances SET itype = ?, organisation = ?, template = ?, document = ? WHERE id = ?",
    ).run(itype, organisation, template, document, id);
    return id;
  }

  #link(instance: Instance, id: number, { organisation, children }: StoredDocument): void {
    if (children.length === 0) return;
    const parent = linkParent(instance, id, organisation ?? 0);
    writeLinks(this.#collection.prepare, parent, children);
  }

  /**
   * Merges an instance into the document that is there. An event's links are all written again: they
   * hold its category, which may have changed.
   */
  #merge(instance: Instance, row: InstanceRow): void {
    const present = this.#read([row])[0]!;
    const whole = mergeInstance(present, instance);
    if (toJson(whole) === toJson(present)) return;
    const before = whole.itype === "event" ? new Map() : collectReferences(present);
    const stored = this.#toStored(whole);
    this.#update(row.id, stored);
    const children = stored.children.filter(({ hash, sets }) => before.get(hash) !== sets);
    this.#link(whole, row.id, { ...stored, children });
  }

  /** Writes the data of an attribute into all documents that take it from there. */
  #detach(attribute: number): void {
    const { prepare } = this.#collection;
    const parents = prepare(
      `SELECT ${DOCUMENT_COLUMNS} FROM instances
       WHERE id IN (SELECT parent FROM links WHERE child = ?)`,
    ).all(attribute) as unknown as InstanceRow[];
    for (const [i, parent] of this.#read(parents).entries()) {
      this.#update(parents[i]!.id, this.#toStored(parent, { apartFrom: attribute }));
    }
  }

  #read(rows: readonly InstanceRow[]): Instance[] {
    return new DocumentReader(this.#collection.prepare).read(rows);
  }

  #toStored(
    instance: Instance,
    { apartFrom }: { readonly apartFrom?: number } = {},
  ): StoredDocument {
    const numbers = new Map<Hash, number>();
    const leaves = new Map<string, number>();
    const children = Array.from(collectReferences(instance), ([hash, sets], number) => {
      const { id, leaf } = this.#keys.ensure(hash);
      // A key does not tell lone surrogates apart.
      if (hash.isWellFormed()) numbers.set(hash, number);
      if (leaf !== undefined && id !== apartFrom) leaves.set(leaf, number);
      return { hash, id, sets };
    });
    const { skeleton, literals } = dismantle(instance, { numbers, leaves });
    const template = this.#template(skeleton);
    return {
      itype: ITYPES[instance.itype],
      organisation: ensureOrganisation(this.#collection.prepare, instance),
      template: template ?? null,
      document: toBytes({
        ...(template === undefined && { skeleton }),
        references: children.map(({ id }) => id),
        literals,
      }),
      children,
    };
  }

  #template(skeleton: string): number | undefined {
    if (this.#templates.has(skeleton)) return this.#templates.get(skeleton);
    const id = ensureTemplate(this.#collection.prepare, skeleton);
    this.#templates.set(skeleton, id);
    return id;
  }
}

/** Whether a row, of an attribute that was removed, holds another document. */
function isOther(row: InstanceRow, { template, document }: StoredDocument): boolean {
  return row.template !== template || row.document!.length !== document.length ||
    row.document!.some((byte, i) => byte !== document[i]);
}

function toJson(instance: Instance): string {
  return writeJson(instance as unknown as Fields);
}

/** The document under a hash. */
export function readDocument(collection: OpenCollection, hash: Hash): Instance | undefined {
  const row = findRow(collection, keyOf(hash));
  return row === undefined || row.itype === null
    ? undefined
    : new DocumentReader(collection.prepare).read([row])[0];
}
