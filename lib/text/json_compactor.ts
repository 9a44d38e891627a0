const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const BLANK = 0x20;

/** Bytes beside which JSON means the same with whitespace and without: `{}[],:` and quotes. */
const IS_PUNCTUATION = byteSet('{}[],:"');

const IS_WHITESPACE = byteSet(" \t\n\r");

/**
 * Takes whitespace out of JSON in UTF-8 as its bytes come, where it means nothing. Of what is not JSON
 * it makes nothing that is: between two words or numbers, one blank stays.
 */
export class JsonCompactor {
  #isInString = false;
  #isEscaped = false;
  #isAfterBreak = true;

  /** Compacts the next bytes in place; returns how many of them are left, at their beginning. */
  compact(bytes: Uint8Array): number {
    let length = 0;
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at]!;
      if (this.#isInString) this.#goOnInString(byte);
      else if (IS_WHITESPACE[byte]) {
        if (this.#isAfterBreak) continue;
        this.#isAfterBreak = true;
        bytes[length++] = BLANK;
        continue;
      } else {
        this.#isInString = byte === QUOTE;
        this.#isAfterBreak = IS_PUNCTUATION[byte] === 1;
      }
      bytes[length++] = byte;
    }
    return length;
  }

  #goOnInString(byte: number): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (byte === BACKSLASH) this.#isEscaped = true;
    else if (byte === QUOTE) {
      this.#isInString = false;
      this.#isAfterBreak = true;
    }
  }
}

function byteSet(characters: string): Uint8Array {
  const set = new Uint8Array(256);
  for (const byte of new TextEncoder().encode(characters)) set[byte] = 1;
  return set;
}
