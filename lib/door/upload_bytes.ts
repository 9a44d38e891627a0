import { MAX_DOCUMENT_BYTES } from "../tahoe/bson.ts";
import { JsonCompactor } from "../text/json_compactor.ts";
import { isCompressed, isUtf16 } from "../text/utf8_stream.ts";
import { GrowingBytes } from "./growing_bytes.ts";
import { Refusal } from "./refusal.ts";

/** The most bytes of an upload in memory: UTF-16 has up to twice as many as the same text in UTF-8. */
const MOST_HELD_BYTES = 2 * MAX_DOCUMENT_BYTES;

/** The most bytes that are added before it is decided whether that is too much. */
const PIECE_BYTES = 64 * 1024;

/**
 * The bytes of a file as they come. No more is kept than one document can hold, so that an upload takes
 * little memory, whatever is sent: of larger JSON the whitespace that means nothing is left out, and
 * all else is refused.
 */
export class UploadBytes implements Disposable {
  readonly #held = new GrowingBytes(MOST_HELD_BYTES + PIECE_BYTES);
  #compactor: JsonCompactor | undefined;

  /** @throws {Refusal} 413 as soon as it is certain that one document cannot hold the file. */
  add(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
      this.#addPiece(chunk.subarray(at, at + PIECE_BYTES));
    }
  }

  #addPiece(piece: Uint8Array): void {
    const from = this.#held.length;
    this.#held.add(piece);
    if (this.#compactor !== undefined) this.#compact(this.#compactor, from);
    if (this.#held.length <= MAX_DOCUMENT_BYTES) return;
    const { bytes } = this.#held;
    if (isUtf16(bytes) && bytes.length <= MOST_HELD_BYTES) return;
    if (this.isCompacted || isCompressed(bytes) || isUtf16(bytes)) throw tooLarge();
    this.#compactor = new JsonCompactor();
    this.#compact(this.#compactor, 0);
    if (this.#held.length > MAX_DOCUMENT_BYTES) throw tooLarge();
  }

  #compact(compactor: JsonCompactor, from: number): void {
    this.#held.truncate(from + compactor.compact(this.#held.bytes.subarray(from)));
  }

  /** Whether whitespace was left out: if this is not JSON, it is not what was sent. */
  get isCompacted(): boolean {
    return this.#compactor !== undefined;
  }

  get length(): number {
    return this.#held.length;
  }

  /** What is kept of the file, until this is disposed of. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#held.bytes;
  }

  [Symbol.dispose](): void {
    this.#held[Symbol.dispose]();
  }
}

/** The refusal of a file that one document cannot hold. */
export function tooLarge(): Refusal {
  return new Refusal(
    413,
    "Cannot take the file: it is too large for one document of 16 MiB. Split it into several uploads",
    { kind: "body_too_large" },
  );
}
