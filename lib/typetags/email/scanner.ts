import { type EncodedWord, matchAt, readEncodedWord } from "./encoded_words.ts";

/**
 * Reads the tokens of a structured header (RFC 5322, section 3.2, with the obsolete forms of
 * section 4) from left to right. The header must be unfolded.
 */
export class Scanner {
  readonly #text: string;
  /** Index of the next character; may be set back to an earlier one. */
  position = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get atEnd(): boolean {
    return this.position >= this.#text.length;
  }

  /** The next character; empty at the end. */
  get next(): string {
    return this.#text.charAt(this.position);
  }

  /** True if the next character is one of these. */
  isAt(characters: string): boolean {
    return !this.atEnd && characters.includes(this.next);
  }

  /** Takes the character if it is next, and returns whether it was. */
  take(character: string): boolean {
    const isNext = this.isAt(character);
    if (isNext) this.position++;
    return isNext;
  }

  /** Takes what a sticky pattern matches here; empty if nothing. */
  takeMatch(pattern: RegExp): string {
    const found = matchAt(pattern, this.#text, this.position);
    this.position += found.length;
    return found;
  }

  /** Skips white space and comments, and returns whether there were any. */
  skipSpace(): boolean {
    const start = this.position;
    while (this.takeMatch(/[ \t]\s*/y) !== "" || this.next === "(") {
      if (this.next === "(") this.#skipComment();
    }
    return this.position > start;
  }

  // Comments nest. A comment without an end extends to the end of the header.
  #skipComment(): void {
    let depth = 0;
    do {
      const character = this.next;
      if (character === "(") depth++;
      if (character === ")") depth--;
      this.position += character === "\\" ? 2 : 1;
      if (depth > 0) this.takeMatch(/[^()\\]+/y);
    } while (depth > 0 && !this.atEnd);
  }

  /** Takes an encoded word, decoded; undefined if none begins here. */
  takeEncodedWord(): string | undefined {
    const word = this.#takeEncodedWord();
    return word?.text.replace(/[ \t]\s*/g, " ");
  }

  #takeEncodedWord(): EncodedWord | undefined {
    const word = readEncodedWord(this.#text, this.position);
    if (word !== undefined) this.position = word.end;
    return word;
  }

  /** Takes a string in quotation marks, and removes its escapes and decodes its encoded words. */
  takeQuoted(): string {
    this.take('"');
    let content = "";
    let afterWord = false;
    while (!this.atEnd && !this.take('"')) {
      const space = this.takeMatch(/[ \t]\s*/y);
      const word = this.#takeEncodedWord();
      content += word !== undefined && afterWord ? "" : space;
      content += word?.text ?? this.takeUnescaped(/[^"\\ \t]+/y);
      afterWord = word !== undefined;
    }
    return content;
  }

  /** Takes characters that `ordinary` matches and characters after a backslash, without the latter. */
  takeUnescaped(ordinary: RegExp): string {
    let text = "";
    for (;;) {
      text += this.takeMatch(ordinary);
      if (!this.take("\\")) return text;
      text += this.takeMatch(/[^ \t]/y);
    }
  }
}
