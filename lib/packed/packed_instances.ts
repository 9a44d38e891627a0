import type { AttributeName } from "../tahoe/attribute.ts";
import type { Hash, Instance } from "../tahoe/instance.ts";
import type { Fields } from "../tahoe/value.ts";
import type { PackedInstances } from "../tahoe/instances.ts";
import { ByteWriter } from "./bytes.ts";
import { packDocument, type PackedDocument } from "./packed_document.ts";

/** Set beside the bits of the sets for a reference to an attribute that holds data of its parent. */
export const LEAF_BIT = 16;

/** Packs instances, children before their parents. Their hashes must be those of their contents. */
export function packInstances(instances: readonly Instance[]): PackedInstances {
  const writer = new InstanceWriter();
  const leaves = new Map<Hash, AttributeName>();
  const leafOf = (hash: Hash) => leaves.get(hash);
  for (const instance of instances) {
    const { _hash: hash } = instance;
    const document = packDocument(instance as unknown as Fields, { hash, leafOf });
    writer.write(document);
    if (document.leaf !== undefined) leaves.set(hash, document.leaf);
  }
  return writer.result();
}

class InstanceWriter {
  readonly #hashes = new Numbers();
  readonly #texts = new Numbers();
  readonly #writer = new ByteWriter();

  write(document: PackedDocument): void {
    const { hash, head, skeleton, references, literals, isCompressed } = document;
    const writer = this.#writer;
    writer.varint(this.#hashes.of(hash));
    writer.varint(this.#texts.of(skeleton));
    this.#writeHead(head);
    writer.varint(references.length);
    for (const { hash, sets, leaf } of references) {
      writer.varint(this.#hashes.of(hash));
      writer.varint(leaf === undefined ? sets : sets | LEAF_BIT);
    }
    writer.varint(2 * literals.length + (isCompressed ? 1 : 0));
    writer.bytes(literals);
  }

  #writeHead({ itype, orgid, timestamp, category, file }: Partial<Fields>): void {
    const writer = this.#writer;
    writer.varint(this.#texts.of(itype as string));
    if (itype === "raw") writer.varint(file === true ? 1 : 0);
    if (itype !== "event") return;
    writer.varint(this.#texts.of(orgid as string));
    writer.double(timestamp as number);
    writer.varint(this.#texts.of(category as string));
  }

  result(): PackedInstances {
    return { hashes: this.#hashes.all, texts: this.#texts.all, bytes: this.#writer.copy() };
  }
}

/** Numbers strings, each once. */
class Numbers {
  readonly #numbers = new Map<string, number>();

  of(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const number = this.#numbers.size;
    this.#numbers.set(text, number);
    return number;
  }

  get all(): readonly string[] {
    return [...this.#numbers.keys()];
  }
}
