import { inflateRawSync } from "node:zlib";
import type { AttributeName } from "../tahoe/attribute.ts";
import type { Attribute, Hash, Instance } from "../tahoe/instance.ts";
import type { Fields } from "../tahoe/value.ts";
import { ByteReader } from "./bytes.ts";
import { literalReader, readLiterals } from "./literals.ts";
import type { PackedDocument, PackedReference } from "./packed_document.ts";
import type { PackedInstances } from "../tahoe/instances.ts";
import { LEAF_BIT } from "./packed_instances.ts";
import { assemble, type Skeleton } from "./skeleton.ts";

/** Reads packed instances one after the other. */
export class PackedReader {
  readonly #packed: PackedInstances;
  readonly #reader: ByteReader;
  readonly #skeletons = new Map<string, Skeleton>();
  /** What the attributes hold that were read. */
  readonly #leaves = new Map<Hash, AttributeName>();

  constructor(packed: PackedInstances) {
    this.#packed = packed;
    this.#reader = new ByteReader(packed.bytes);
  }

  get atEnd(): boolean {
    return this.#reader.atEnd;
  }

  next(): PackedDocument {
    const reader = this.#reader;
    const hash = this.#hash();
    const skeleton = this.#text();
    const head = this.#head();
    const references = Array.from({ length: reader.varint() }, () => this.#reference());
    const size = reader.varint();
    const literals = reader.bytes(Math.floor(size / 2));
    const document = { hash, head, skeleton, references, literals, isCompressed: size % 2 === 1 };
    if (head["itype"] !== "attribute") return document;
    const { sub_type: subType, data } = this.unpack(document) as Attribute;
    const leaf = { subType, data };
    this.#leaves.set(hash, leaf);
    return { ...document, leaf };
  }

  /** The instance of a document that was read. */
  unpack({ hash, head, skeleton, references, literals, isCompressed }: PackedDocument): Instance {
    const plain = isCompressed ? inflateRawSync(literals) : literals;
    return assemble(this.#skeleton(skeleton), {
      hash,
      orgid: head["orgid"] as string | undefined,
      references: references.map((reference) => reference.hash),
      dataOf: (number) => references[number]!.leaf!.data,
      nextLiteral: literalReader(readLiterals(new ByteReader(plain))),
    }) as unknown as Instance;
  }

  #head(): Fields {
    const itype = this.#text();
    if (itype === "raw") return { itype, ...(this.#reader.varint() === 1 && { file: true }) };
    if (itype !== "event") return { itype };
    const orgid = this.#text();
    const timestamp = this.#reader.double();
    return { itype, orgid, timestamp, category: this.#text() };
  }

  #reference(): PackedReference {
    const hash = this.#hash();
    const bits = this.#reader.varint();
    return bits < LEAF_BIT
      ? { hash, sets: bits }
      : { hash, sets: bits - LEAF_BIT, leaf: this.#leaves.get(hash)! };
  }

  #hash(): Hash {
    return this.#packed.hashes[this.#reader.varint()]!;
  }

  #text(): string {
    return this.#packed.texts[this.#reader.varint()]!;
  }

  #skeleton(text: string): Skeleton {
    let skeleton = this.#skeletons.get(text);
    if (skeleton === undefined) {
      skeleton = JSON.parse(text) as Skeleton;
      this.#skeletons.set(text, skeleton);
    }
    return skeleton;
  }
}

/** The inverse of packInstances. */
export function unpackInstances(packed: PackedInstances): Instance[] {
  const reader = new PackedReader(packed);
  const instances: Instance[] = [];
  while (!reader.atEnd) instances.push(reader.unpack(reader.next()));
  return instances;
}
