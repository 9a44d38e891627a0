import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { Span } from "./json_walker.ts";

/** Bytes that are compressed together: the least that is unpacked to read one value. */
const BLOCK_BYTES = 256 * 1024;

/** Unpacked blocks that are kept, in case the next value is in one of them. */
const KEPT_BLOCKS = 8;

/** A level that packs JSON well: what is packed stays in memory until the last part is made. */
const LEVEL = 6;

/** Bytes that were appended one after the other, kept compressed, to read any of them again. */
export class CompactLog {
  readonly #packed: Uint8Array[] = [];
  readonly #unpacked = new Map<number, Uint8Array>();
  readonly #last = new Uint8Array(BLOCK_BYTES);
  size = 0;

  /** Appends bytes; returns where they are. */
  append(bytes: Uint8Array): Span {
    const start = this.size;
    for (let at = 0; at < bytes.length;) {
      const filled = this.size % BLOCK_BYTES;
      const piece = bytes.subarray(at, at + BLOCK_BYTES - filled);
      this.#last.set(piece, filled);
      at += piece.length;
      this.size += piece.length;
      if (this.size % BLOCK_BYTES === 0) this.#pack();
    }
    return { start, length: bytes.length };
  }

  /** A copy of the bytes at some place. */
  read({ start, length }: Span): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length;) {
      const position = start + at;
      const block = this.#block(Math.floor(position / BLOCK_BYTES));
      const inside = position % BLOCK_BYTES;
      const piece = block.subarray(inside, inside + length - at);
      bytes.set(piece, at);
      at += piece.length;
    }
    return bytes;
  }

  #pack(): void {
    // A copy: Node's buffers may be windows into far larger ones.
    this.#packed.push(Uint8Array.from(deflateRawSync(this.#last, { level: LEVEL })));
  }

  #block(index: number): Uint8Array {
    const packed = this.#packed[index];
    if (packed === undefined) return this.#last;
    const known = this.#unpacked.get(index);
    const block = known ?? inflateRawSync(packed);
    // The blocks used last are at the end.
    this.#unpacked.delete(index);
    this.#unpacked.set(index, block);
    const [oldest] = this.#unpacked.keys();
    if (this.#unpacked.size > KEPT_BLOCKS) this.#unpacked.delete(oldest!);
    return block;
  }
}
