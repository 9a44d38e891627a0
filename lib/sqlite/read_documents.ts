import { literalReader } from "../packed/literals.ts";
import { assemble, type Skeleton } from "../packed/skeleton.ts";
import { UnreadableDocument } from "../packed/unreadable_document.ts";
import { Fault } from "../tahoe/fault.ts";
import type { Hash, Instance } from "../tahoe/instance.ts";
import { damagedInstance, instanceFault } from "../tahoe/instance_fault.ts";
import { Damaged, type OnDamaged } from "../tahoe/instances.ts";
import { parseJson } from "../tahoe/json.ts";
import { isFields, type Value } from "../tahoe/value.ts";
import { boundedDocument, type DocumentContent, fromBytes, tooLarge } from "./document_bytes.ts";
import { ITYPES } from "./itypes.ts";
import { countColumn } from "./json_column.ts";
import { hashOf } from "./key.ts";
import { readableId } from "./readable_id.ts";
import type { Prepare, Row } from "./sqlite.ts";
import { readTemplate } from "./templates.ts";
import { readOrFault } from "./read_or_fault.ts";

/** The columns of `instances`, under any name of the table, that {@link DocumentReader} needs. */
export function documentColumns(table: string, maxBytes?: number): string {
  const document = maxBytes === undefined ? `${table}.document` : boundedDocument(table, maxBytes);
  const columns = [`${table}.hash AS hash`, `${document} AS document`];
  const counts = ["organisation", "template"].map((name) =>
    `${countColumn(`${table}.${name}`)} AS ${name}`
  );
  return [readableId(table), ...columns, ...counts].join(", ");
}

/** The columns that {@link DocumentReader} needs, of the table `instances`. */
export const DOCUMENT_COLUMNS = documentColumns("instances");

/** A row with {@link DOCUMENT_COLUMNS}. */
export type DocumentRow = {
  readonly id: number;
  readonly hash: Uint8Array;
  readonly organisation: number | null;
  readonly template: number | null;
  /** Null in a damaged row. */
  readonly document: Uint8Array | null;
};

type Reference = { readonly row: DocumentRow; readonly hash: Hash };

// The documents of attributes alone: of others, a reference needs the hash only. An attribute that
// was removed has its document as long as something refers to it.
const REFERENCES = `
  SELECT instances.id AS id, hash, ${countColumn("organisation")} AS organisation,
    ${countColumn("template")} AS template,
    CASE WHEN itype IS NULL OR itype = ${ITYPES.attribute} THEN document END AS document
  FROM json_each(?) CROSS JOIN instances ON instances.id = value`;

/** Bytes of the references that {@link REFERENCES} finds. */
const REFERENCED_BYTES = `
  SELECT total(octet_length(document)) AS bytes
  FROM json_each(?) CROSS JOIN instances ON instances.id = value
  WHERE itype IS NULL OR itype = ${ITYPES.attribute}`;

/** Reads documents in one task: what several of them refer to is looked up once. */
export class DocumentReader {
  readonly #prepare: Prepare;
  /** Bytes that may still be read. */
  #bytesLeft: number;
  readonly #skeletons = new Map<number, Skeleton>();
  readonly #orgids = new Map<number, string>();
  readonly #references = new Map<number, Reference>();

  /** With `maxBytes` documents that have more bytes together, unpacked, cannot be read. */
  constructor(prepare: Prepare, { maxBytes = Infinity } = {}) {
    this.#prepare = prepare;
    this.#bytesLeft = maxBytes;
  }

  /**
   * Reads instances, whose fields may have wrong types.
   *
   * @throws {DamagedInstance} INSTANCE_DAMAGED when a document cannot be read.
   */
  read(rows: readonly Row[]): Instance[] {
    return this.readValues(rows).map((value, i) => {
      if (value instanceof Fault) throw damagedInstance(rowHash(rows[i]!), value);
      return value as unknown as Instance;
    });
  }

  /** Reads instances; what cannot be read is left out. */
  readSound(rows: readonly Row[], onDamaged: OnDamaged): Instance[] {
    return this.readEach(rows).filter((instance) => {
      if (instance instanceof Damaged) onDamaged(instance);
      return !(instance instanceof Damaged);
    }) as Instance[];
  }

  /** Reads instances, whatever the rows contain. */
  readEach(rows: readonly Row[]): (Instance | Damaged)[] {
    return this.readValues(rows).map((value, i) => {
      const hash = rowHash(rows[i]!);
      const fault = value instanceof Fault ? value : instanceFault(value);
      if (fault !== undefined) return new Damaged(hash, fault.reason);
      const instance = value as unknown as Instance;
      if (instance._hash === hash) return instance;
      return new Damaged(hash, "_hash is not the hash under which it is stored");
    });
  }

  /** Reads documents, whatever the rows contain. */
  readValues(rows: readonly Row[]): (Value | Fault)[] {
    const stored = (rows as unknown as readonly DocumentRow[])
      .map((row) => ({ row, content: readOrFault(() => this.#content(row)) }));
    this.#load(stored.flatMap(({ content }) => content instanceof Fault ? [] : content.references));
    return stored.map(({ row, content }) =>
      content instanceof Fault ? content : readOrFault(() => this.#assemble(row, content))
    );
  }

  #load(references: readonly number[]): void {
    const missing = new Set(references.filter((id) => !this.#references.has(id)));
    if (missing.size === 0) return;
    const ids = JSON.stringify([...missing]);
    const isBounded = this.#bytesLeft < Infinity;
    if (isBounded && Number(this.#prepare(REFERENCED_BYTES).get(ids)!["bytes"]) > this.#bytesLeft) {
      this.#bytesLeft = -1;
      return;
    }
    const rows = this.#prepare(REFERENCES).all(ids);
    for (const row of rows as unknown as readonly DocumentRow[]) {
      this.#references.set(row.id, { row, hash: rowHash(row) });
    }
  }

  #assemble(
    { hash, organisation, template }: DocumentRow,
    { skeleton, references, literals }: DocumentContent,
  ): Value {
    return assemble(this.#skeleton(skeleton, template), {
      hash: hashOf(hash),
      orgid: organisation === null ? undefined : this.#orgid(organisation),
      references: references.map((id) => this.#reference(id).hash),
      dataOf: (reference) => this.#dataOf(references[reference]!),
      nextLiteral: literalReader(literals),
    });
  }

  #content({ document }: DocumentRow): DocumentContent {
    if (document === null) throw new UnreadableDocument("document is missing");
    return fromBytes(document, (size) => this.#take(size));
  }

  #take(bytes: number): void {
    this.#bytesLeft -= bytes;
    if (this.#bytesLeft < 0) throw tooLarge();
  }

  #reference(id: number): Reference {
    if (this.#bytesLeft < 0) throw tooLarge();
    const reference = this.#references.get(id);
    if (reference !== undefined) return reference;
    throw new UnreadableDocument("document refers to what is not in the file");
  }

  /** The data of an attribute, which refers to nothing itself. */
  #dataOf(id: number): Value {
    const { row, hash } = this.#reference(id);
    const attribute = readOrFault(() => this.#assemble(row, this.#content(row)));
    if (this.#bytesLeft < 0) throw tooLarge();
    if (!(attribute instanceof Fault) && isFields(attribute)) {
      const { data } = attribute;
      if (data !== undefined) return data;
    }
    throw new UnreadableDocument(`attribute ${hash}, which it holds, cannot be read`);
  }

  #skeleton(own: string | undefined, template: number | null): Skeleton {
    if (own !== undefined) return JSON.parse(own);
    if (template !== null) return this.#template(template);
    throw new UnreadableDocument("document has no form");
  }

  #template(id: number): Skeleton {
    let skeleton = this.#skeletons.get(id);
    if (skeleton === undefined) {
      skeleton = readTemplate(this.#prepare, id);
      this.#skeletons.set(id, skeleton);
    }
    return skeleton;
  }

  #orgid(id: number): string {
    let orgid = this.#orgids.get(id);
    if (orgid === undefined) {
      const row = this.#prepare("SELECT orgid FROM organisations WHERE id = ?").get(id)!;
      orgid = parseJson(String(row["orgid"])) as string;
      this.#orgids.set(id, orgid);
    }
    return orgid;
  }
}

function rowHash({ hash }: { readonly [name: string]: unknown }): Hash {
  return hashOf(hash as Uint8Array);
}

/**
 * The stored documents with these ids, in the order given.
 *
 * @throws {DamagedInstance} INSTANCE_DAMAGED when a document cannot be read.
 */
export function readByIds(prepare: Prepare, ids: readonly number[]): Instance[] {
  const statement = prepare(
    `SELECT ${DOCUMENT_COLUMNS} FROM instances WHERE id = ? AND itype IS NOT NULL`,
  );
  const rows = ids.map((id) => statement.get(id)).filter((row) => row !== undefined);
  return new DocumentReader(prepare).read(rows);
}
