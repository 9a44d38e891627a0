import { Buffer } from "node:buffer";
import { Column } from "./column.ts";

/** Share of the slots that may be taken. */
const MAX_LOAD = 0.5;

/**
 * Numbers from 0 for ids, in some 60 bytes for each id of STIX: a Map takes twice as many, and V8 keeps
 * half as much again as its heap contains.
 */
export class IdTable {
  /** The ids one after the other, in UTF-8; where each ends. */
  #bytes = Buffer.alloc(64 * 1024);
  readonly #ends = new Column(new Float64Array());
  /** Numbers of ids plus 1, at or behind the slot that the hash of the id says. */
  #slots = new Uint32Array(1024);

  /** The number of an id; a new one if the id is new or missing. */
  numberOf(id: string | undefined): number {
    const bytes = Buffer.from(id ?? "");
    if (id === undefined) return this.#append(bytes);
    let slot = this.#slotOf(bytes);
    const known = this.#slots[slot]!;
    if (known > 0) return known - 1;
    const number = this.#append(bytes);
    if (number >= this.#slots.length * MAX_LOAD) {
      this.#enlarge();
      slot = this.#slotOf(bytes);
    }
    this.#slots[slot] = number + 1;
    return number;
  }

  /** The id that has a number; empty if it was missing. */
  idOf(number: number): string {
    return this.#bytesOf(number).toString();
  }

  /** Gives back the memory that was reserved for more ids. */
  trim(): void {
    this.#bytes = Buffer.from(this.#bytes.subarray(0, this.#end));
    this.#ends.trim();
  }

  get #end(): number {
    return this.#ends.length === 0 ? 0 : this.#ends.get(this.#ends.length - 1);
  }

  #bytesOf(number: number): Buffer {
    const start = number === 0 ? 0 : this.#ends.get(number - 1);
    return this.#bytes.subarray(start, this.#ends.get(number));
  }

  #append(bytes: Buffer): number {
    const start = this.#end;
    const end = start + bytes.length;
    if (end > this.#bytes.length) {
      const larger = Buffer.alloc(Math.ceil(1.5 * end));
      this.#bytes.copy(larger);
      this.#bytes = larger;
    }
    bytes.copy(this.#bytes, start);
    this.#ends.push(end);
    return this.#ends.length - 1;
  }

  /** The slot that has an id, or else the free one for it. */
  #slotOf(bytes: Buffer): number {
    const mask = this.#slots.length - 1;
    for (let slot = hash(bytes) & mask;; slot = (slot + 1) & mask) {
      const known = this.#slots[slot]!;
      if (known === 0 || this.#bytesOf(known - 1).equals(bytes)) return slot;
    }
  }

  #enlarge(): void {
    const numbers = this.#slots.filter((number) => number > 0);
    this.#slots = new Uint32Array(4 * this.#slots.length);
    for (const number of numbers) this.#slots[this.#slotOf(this.#bytesOf(number - 1))] = number;
  }
}

/** FNV-1a, 32 bits. */
function hash(bytes: Uint8Array): number {
  let sum = 0x811c9dc5;
  for (const byte of bytes) sum = Math.imul(sum ^ byte, 0x01000193);
  return sum >>> 0;
}
