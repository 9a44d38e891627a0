import { createHash } from "node:crypto";
import type { Hash } from "../../tahoe/instance.ts";
import type { HashOrBytes } from "../edge_follower.ts";

const WORDS = 8;
const EMPTY = 0;

/**
 * Numbers hashes from 0 in the order in which they were added, in about 45 bytes each; a Map of
 * strings takes four times as much.
 */
export class HashTable {
  /** Eight words of each hash, the most significant one first. */
  #words = new Uint32Array(WORDS * 1024);
  #size = 0;
  /** Numbers by slot, plus 1. There are at least 1.5 times as many slots as hashes. */
  #slots = new Uint32Array(1024);
  /** References that are not hashes, which existing installations may have. */
  readonly #others = new Map<number, Hash>();
  /** The words of the string that was last looked for, and whether it is a hash. */
  readonly #key = new Uint32Array(WORDS);
  #isHash = true;
  // Attackers choose what is hashed; they must not know which hashes share a slot.
  readonly #seed = crypto.getRandomValues(new Uint32Array(1))[0]!;

  get size(): number {
    return this.#size;
  }

  /** Bytes that the table takes. */
  get bytes(): number {
    return this.#words.byteLength + this.#slots.byteLength;
  }

  /** Returns the number of a hash, which is added if it is new. */
  add(hash: HashOrBytes): number {
    const slot = this.#findSlot(hash);
    if (this.#slots[slot] !== EMPTY) return this.#slots[slot]! - 1;
    const number = this.#size++;
    if (!this.#isHash) this.#others.set(number, hash as Hash);
    if (this.#size * WORDS > this.#words.length) {
      const larger = new Uint32Array(WORDS * Math.ceil(1.5 * this.#size));
      larger.set(this.#words);
      this.#words = larger;
    }
    this.#words.set(this.#key, number * WORDS);
    this.#slots[slot] = number + 1;
    if (1.5 * this.#size > this.#slots.length) this.#addSlots();
    return number;
  }

  /** Returns the number of a hash; undefined if it was not added. */
  find(hash: Hash): number | undefined {
    const number = this.#slots[this.#findSlot(hash)]!;
    return number === EMPTY ? undefined : number - 1;
  }

  hash(number: number): Hash {
    const other = this.#others.get(number);
    if (other !== undefined) return other;
    const words = this.#words.subarray(number * WORDS, (number + 1) * WORDS);
    return Array.from(words, (word) => word.toString(16).padStart(8, "0")).join("");
  }

  /** Compares two hashes by their numbers, for sorting. */
  compare(a: number, b: number): number {
    if (this.#others.has(a) || this.#others.has(b)) return this.hash(a) < this.hash(b) ? -1 : 1;
    const words = this.#words;
    for (let i = 0; i < WORDS; i++) {
      const difference = words[a * WORDS + i]! - words[b * WORDS + i]!;
      if (difference !== 0) return difference;
    }
    return 0;
  }

  /** Finds the slot of a hash, or the one for it, and leaves its words in the key. */
  #findSlot(hash: HashOrBytes): number {
    if (typeof hash === "string") {
      this.#isHash = readWords(hash, this.#key);
      if (!this.#isHash) readWords(sha256Digits(`#${hash}`), this.#key);
    } else {
      this.#isHash = true;
      joinWords(hash, this.#key);
    }
    const mask = this.#slots.length - 1;
    let slot = this.#firstSlot(this.#key, 0);
    while (this.#slots[slot] !== EMPTY && !this.#hasKey(this.#slots[slot]! - 1)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #firstSlot(words: Uint32Array, start: number): number {
    let mixed = this.#seed;
    for (let i = start; i < start + WORDS; i++) {
      mixed = Math.imul(mixed ^ words[i]!, 0x9e3779b1);
      mixed ^= mixed >>> 15;
    }
    return mixed & (this.#slots.length - 1);
  }

  #hasKey(number: number): boolean {
    const words = this.#words;
    for (let i = 0; i < WORDS; i++) {
      if (words[number * WORDS + i] !== this.#key[i]) return false;
    }
    return true;
  }

  #addSlots(): void {
    this.#slots = new Uint32Array(2 * this.#slots.length);
    const mask = this.#slots.length - 1;
    const words = this.#words;
    for (let number = 0; number < this.#size; number++) {
      let slot = this.#firstSlot(words, number * WORDS);
      while (this.#slots[slot] !== EMPTY) slot = (slot + 1) & mask;
      this.#slots[slot] = number + 1;
    }
  }
}

/** Reads the words of a hash; false if the string is not one. */
function readWords(hash: string, words: Uint32Array): boolean {
  if (hash.length !== 8 * WORDS) return false;
  for (let i = 0; i < WORDS; i++) {
    let word = 0;
    for (let k = 8 * i; k < 8 * i + 8; k++) {
      const digit = hexDigit(hash.charCodeAt(k));
      if (digit < 0) return false;
      word = word << 4 | digit;
    }
    words[i] = word;
  }
  return true;
}

/** Reads the words of a hash that is given by its 32 bytes. */
function joinWords(bytes: Uint8Array, words: Uint32Array): void {
  for (let i = 0, at = 0; i < WORDS; i++, at += 4) {
    words[i] = bytes[at]! << 24 | bytes[at + 1]! << 16 | bytes[at + 2]! << 8 | bytes[at + 3]!;
  }
}

function sha256Digits(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** The value of a lower-case hex digit; -1 for any other character. */
function hexDigit(unit: number): number {
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30;
  return unit >= 0x61 && unit <= 0x66 ? unit - 0x61 + 10 : -1;
}
