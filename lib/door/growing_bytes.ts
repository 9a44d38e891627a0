/** Bytes with which one begins that nobody has announced. */
const FIRST_BYTES = 64 * 1024;

/** Collects bytes in one piece of memory, instead of many that must be joined in the end. */
export class GrowingBytes {
  #bytes: Uint8Array;
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
      this.#bytes = larger;
    }
    this.#bytes.set(chunk, this.#length);
    this.#length = length;
  }

  /** What was added so far. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }
}
