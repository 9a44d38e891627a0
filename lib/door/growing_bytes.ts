import { release } from "../release.ts";

/** Bytes with which one begins that nobody has announced. */
const FIRST_BYTES = 64 * 1024;

/** Collects bytes in one piece of memory, instead of many that must be joined in the end. */
export class GrowingBytes implements Disposable {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  /** `expected` bytes will come: memory is only taken as they do. */
  constructor(expected: number) {
    this.#bytes = new Uint8Array(Math.max(expected, FIRST_BYTES));
  }

  add(chunk: Uint8Array): void {
    const length = this.#length + chunk.length;
    if (length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(length, 2 * this.#bytes.length));
      larger.set(this.#bytes.subarray(0, this.#length));
      release(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes.set(chunk, this.#length);
    this.#length = length;
  }

  /** Keeps the first bytes only. */
  truncate(length: number): void {
    this.#length = Math.min(length, this.#length);
  }

  get length(): number {
    return this.#length;
  }

  /** What was added so far, until this is disposed of. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  [Symbol.dispose](): void {
    release(this.#bytes);
    this.#bytes = new Uint8Array(0);
    this.#length = 0;
  }
}
