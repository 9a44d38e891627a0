import type { AttributeName } from "../tahoe/attribute.ts";
import type { Hash } from "../tahoe/instance.ts";
import { type Fields, isFields, isScalar, type Value } from "../tahoe/value.ts";
import { deflate, LARGE } from "./deflate.ts";
import { writeLiterals } from "./literals.ts";
import { collectReferences } from "./references.ts";
import { dismantle, Leaves } from "./skeleton.ts";

/** A document in parts: what stores it need not look at its values. */
export type PackedDocument = {
  readonly hash: Hash;
  /**
   * Those of the fields itype, orgid, timestamp and category that it has; `file` is true if it is a
   * Raw with a source that names a file.
   */
  readonly head: Fields;
  /** What it holds, if it is an attribute. */
  readonly leaf?: AttributeName;
  readonly skeleton: string;
  readonly references: readonly PackedReference[];
  /** The values that are in none of what it refers to: see {@link writeLiterals}. */
  readonly literals: Uint8Array;
  /** Whether the literals are compressed, as deflate. */
  readonly isCompressed: boolean;
};

export type PackedReference = {
  readonly hash: Hash;
  /** Sum of the sets that hold it. */
  readonly sets: number;
  /** What it holds, if it is an attribute from which the document takes its data. */
  readonly leaf?: AttributeName;
};

export type PackOptions = {
  /** The hash under which it is stored; undefined if its key does not tell. */
  readonly hash: Hash;
  /** What the attribute of a hash holds, if the document may take its data from there. */
  readonly leafOf: (hash: Hash) => AttributeName | undefined;
};

/** Packs a document, whatever it contains. */
export function packDocument(document: Value, { hash, leafOf }: PackOptions): PackedDocument {
  const numbers = new Map<Hash, number>();
  const leaves = new Leaves();
  const head = headOf(document);
  const { itype } = head;
  const hasLeaves = itype === "event" || itype === "object" || itype === "session";
  let number = 0;
  const references = Array.from(collectReferences(document), ([hash, sets]): PackedReference => {
    const leaf = hasLeaves ? leafOf(hash) : undefined;
    // A key does not tell lone surrogates apart.
    if (hash.isWellFormed()) numbers.set(hash, number);
    if (leaf !== undefined) leaves.add(leaf, number);
    number++;
    return { hash, sets, ...(leaf !== undefined && { leaf }) };
  });
  const { skeleton, literals } = dismantle(document, { hash, numbers, leaves });
  const plain = writeLiterals(literals);
  const packed = plain.length < LARGE ? plain : deflate(plain);
  const isCompressed = packed.length < plain.length;
  const leaf = attributeName(document);
  return {
    hash,
    head,
    ...(leaf !== undefined && { leaf }),
    skeleton,
    references,
    literals: isCompressed ? packed : plain,
    isCompressed,
  };
}

/** What a document holds, if it is an attribute that can be read. */
export function attributeName(document: Value): AttributeName | undefined {
  if (!isFields(document)) return undefined;
  const { itype, sub_type, data } = document;
  return itype === "attribute" && typeof sub_type === "string" && isScalar(data)
    ? { subType: sub_type, data }
    : undefined;
}

function namesFile(sources: Value | undefined): boolean {
  return Array.isArray(sources) &&
    sources.some((source) => isFields(source) && source["file"] !== undefined);
}

function headOf(document: Value): Fields {
  if (!isFields(document)) return {};
  const { itype, orgid, timestamp, category, _sources } = document as Partial<Fields>;
  return {
    ...(itype === "raw" && namesFile(_sources) && { file: true }),
    ...(itype !== undefined && { itype }),
    ...(orgid !== undefined && { orgid }),
    ...(timestamp !== undefined && { timestamp }),
    ...(category !== undefined && { category }),
  };
}
