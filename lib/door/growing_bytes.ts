/** Bytes of memory that are taken at a time. */
const STEP_BYTES = 64 * 1024;

/**
 * Collects bytes in one piece of memory that grows where it is, instead of many that must be joined in
 * the end. What it takes it gives back at once: the C library would keep it for later.
 */
export class GrowingBytes implements Disposable {
  readonly #buffer: ArrayBuffer;
  #length = 0;

  /** At most `most` bytes will come: memory is only taken as they do. */
  constructor(most: number) {
    this.#buffer = new ArrayBuffer(0, { maxByteLength: most });
  }

  /** @throws {RangeError} when there is more than what should come. */
  add(chunk: Uint8Array): void {
    const length = this.#length + chunk.length;
    if (length > this.#buffer.byteLength) {
      const steps = Math.ceil(length / STEP_BYTES);
      this.#buffer.resize(Math.min(steps * STEP_BYTES, this.#buffer.maxByteLength));
    }
    new Uint8Array(this.#buffer, this.#length).set(chunk);
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
    return new Uint8Array(this.#buffer, 0, this.#length);
  }

  [Symbol.dispose](): void {
    this.#length = 0;
    this.#buffer.resize(0);
  }
}
