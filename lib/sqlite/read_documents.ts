import type { Hash, Instance } from "../tahoe/instance.ts";
import { parseJson } from "../tahoe/json.ts";
import type { Value } from "../tahoe/value.ts";
import { type DocumentContent, fromBytes } from "./document_bytes.ts";
import { ITYPES } from "./itypes.ts";
import { hashOf } from "./key.ts";
import { assemble, type Skeleton } from "./skeleton.ts";
import type { Prepare, Row } from "./sqlite.ts";
import { readTemplate } from "./templates.ts";

/** The columns of `instances`, under any name of the table, that {@link DocumentReader} needs. */
export function documentColumns(table: string): string {
  return ["id", "hash", "organisation", "template", "document"]
    .map((column) => `${table}.${column} AS ${column}`).join(", ");
}

/** The columns that {@link DocumentReader} needs, of the table `instances`. */
export const DOCUMENT_COLUMNS = documentColumns("instances");

/** A row with {@link DOCUMENT_COLUMNS}. */
export type DocumentRow = {
  readonly id: number;
  readonly hash: Uint8Array;
  readonly organisation: number | null;
  readonly template: number | null;
  readonly document: Uint8Array;
};

// The documents of attributes alone: of others, a reference needs the hash only. An attribute that
// was removed has its document as long as something refers to it.
const REFERENCES = `
  SELECT instances.id AS id, hash, organisation, template,
    CASE WHEN itype IS NULL OR itype = ${ITYPES.attribute} THEN document END AS document
  FROM json_each(?) CROSS JOIN instances ON instances.id = value`;

/** Reads documents in one task: what several of them refer to is looked up once. */
export class DocumentReader {
  readonly #prepare: Prepare;
  readonly #skeletons = new Map<number, Skeleton>();
  readonly #orgids = new Map<number, string>();
  readonly #references = new Map<number, { readonly row: DocumentRow; readonly hash: Hash }>();

  constructor(prepare: Prepare) {
    this.#prepare = prepare;
  }

  read(rows: readonly Row[]): Instance[] {
    const stored = (rows as unknown as readonly DocumentRow[])
      .map((row) => ({ row, content: fromBytes(row.document) }));
    this.#load(stored.flatMap(({ content }) => content.references));
    return stored.map(({ row, content }) => this.#assemble(row, content) as unknown as Instance);
  }

  #load(ids: readonly number[]): void {
    const missing = new Set(ids.filter((id) => !this.#references.has(id)));
    if (missing.size === 0) return;
    const rows = this.#prepare(REFERENCES).all(JSON.stringify([...missing]));
    for (const row of rows as unknown as readonly DocumentRow[]) {
      this.#references.set(row.id, { row, hash: hashOf(row.hash) });
    }
  }

  #assemble(
    { hash, organisation, template }: DocumentRow,
    { skeleton, references, literals }: DocumentContent,
  ): Value {
    let read = 0;
    return assemble(skeleton === undefined ? this.#skeleton(template!) : JSON.parse(skeleton), {
      hash: hashOf(hash),
      orgid: organisation === null ? undefined : this.#orgid(organisation),
      references: references.map((id) => this.#references.get(id)!.hash),
      dataOf: (reference) => this.#dataOf(references[reference]!),
      nextLiteral: () => literals[read++]!,
    });
  }

  /** The data of an attribute, which refers to nothing itself. */
  #dataOf(id: number): Value {
    const { row } = this.#references.get(id)!;
    const attribute = this.#assemble(row, fromBytes(row.document));
    return (attribute as { readonly data: Value }).data;
  }

  #skeleton(id: number): Skeleton {
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

/** The stored documents with these ids, in the order given. */
export function readByIds(prepare: Prepare, ids: readonly number[]): Instance[] {
  const statement = prepare(
    `SELECT ${DOCUMENT_COLUMNS} FROM instances WHERE id = ? AND itype IS NOT NULL`,
  );
  const rows = ids.map((id) => statement.get(id)).filter((row) => row !== undefined);
  return new DocumentReader(prepare).read(rows);
}
