import { UnreadableDocument } from "./unreadable_document.ts";

const MIN_LENGTH = 4096;

/** Bytes of the longest buffer that is kept for the next use. */
const MAX_KEPT = 65_536;

/** Collects bytes in a buffer that grows. */
export class ByteWriter {
  #bytes = new Uint8Array(MIN_LENGTH);
  #length = 0;

  /** Writes a whole number from 0 to 2 ** 53 - 1 in groups of seven bits, the lowest first. */
  varint(value: number): void {
    this.#reserve(8);
    let rest = value;
    while (rest > 0x7f) {
      this.#bytes[this.#length++] = rest % 128 | 0x80;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[this.#length++] = rest;
  }

  /** Writes a text of ASCII characters, behind its length. */
  ascii(text: string): void {
    const { length } = text;
    this.varint(length);
    this.#reserve(length);
    for (let i = 0; i < length; i++) this.#bytes[this.#length++] = text.charCodeAt(i);
  }

  /** Writes bytes as they are. */
  bytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  double(value: number): void {
    this.#reserve(8);
    new DataView(this.#bytes.buffer).setFloat64(this.#length, value);
    this.#length += 8;
  }

  /** Returns a copy of the bytes. */
  copy(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }

  /** Forgets all bytes, but keeps the buffer if it is small. */
  clear(): void {
    this.#length = 0;
    if (this.#bytes.length > MAX_KEPT) this.#bytes = new Uint8Array(MIN_LENGTH);
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const bytes = new Uint8Array(2 * (this.#length + count));
    bytes.set(this.#bytes);
    this.#bytes = bytes;
  }
}

/** Strings of at most so many characters are read faster without a TextDecoder. */
const SHORT = 24;

const LATIN1 = new TextDecoder("latin1");

/** Reads what a {@link ByteWriter} wrote. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /**
   * @throws {UnreadableDocument} when the bytes end too early.
   */
  varint(): number {
    let value = 0;
    let scale = 1;
    while (true) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw cutShort();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
  }

  /**
   * @throws {UnreadableDocument} when the bytes end too early.
   */
  ascii(): string {
    const bytes = this.#take(this.varint());
    return bytes.length > SHORT ? LATIN1.decode(bytes) : String.fromCharCode(...bytes);
  }

  /**
   * @throws {UnreadableDocument} when the bytes end too early.
   */
  double(): number {
    const { buffer, byteOffset } = this.#take(8);
    return new DataView(buffer, byteOffset, 8).getFloat64(0);
  }

  /**
   * Reads bytes as they are.
   *
   * @throws {UnreadableDocument} when there are fewer.
   */
  bytes(count: number): Uint8Array {
    return this.#take(count);
  }

  #take(count: number): Uint8Array {
    const end = this.#at + count;
    if (end > this.#bytes.length) throw cutShort();
    const bytes = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return bytes;
  }
}

function cutShort(): UnreadableDocument {
  return new UnreadableDocument("document is cut short");
}
