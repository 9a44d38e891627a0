import { type EncodedWord, matchAt, readEncodedWord } from "./encoded_words.ts";

/**
 * Reads the tokens of structured headers (RFC 5322, section 3.2, with the obsolete forms of
 * section 4) from an unfolded header, front to back.
 */
export class Scanner {
  readonly #text: string;
  /** Where it stands; may be set back to an earlier place. */
  at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get done(): boolean {
    return this.at >= this.#text.length;
  }

  /** The character before which it stands; empty at the end. */
  get next(): string {
    return this.#text.charAt(this.at);
  }

  isBefore(characters: string): boolean {
    return !this.done && characters.includes(this.next);
  }

  /** Passes the character if it stands before it, and says whether it did. */
  pass(character: string): boolean {
    const isBefore = this.isBefore(character);
    if (isBefore) this.at++;
    return isBefore;
  }

  /** Passes what a sticky pattern matches here; empty if nothing. */
  match(pattern: RegExp): string {
    const found = matchAt(pattern, this.#text, this.at);
    this.at += found.length;
    return found;
  }

  /** Passes white space and comments, and says whether there were any. */
  space(): boolean {
    const start = this.at;
    while (this.match(/[ \t]\s*/y) !== "" || this.next === "(") {
      if (this.next === "(") this.#comment();
    }
    return this.at > start;
  }

  // Comments nest. One without an end goes to the end of the header.
  #comment(): void {
    let depth = 0;
    do {
      const character = this.next;
      if (character === "(") depth++;
      if (character === ")") depth--;
      this.at += character === "\\" ? 2 : 1;
      if (depth > 0) this.match(/[^()\\]+/y);
    } while (depth > 0 && !this.done);
  }

  encodedWord(): string | undefined {
    const word = this.#encodedWord();
    return word?.text.replace(/[ \t]\s*/g, " ");
  }

  #encodedWord(): EncodedWord | undefined {
    const word = readEncodedWord(this.#text, this.at);
    if (word !== undefined) this.at = word.end;
    return word;
  }

  /** What stands between quotation marks, without escapes. Encoded words are decoded there, too. */
  quoted(): string {
    this.pass('"');
    let content = "";
    let afterWord = false;
    while (!this.done && !this.pass('"')) {
      const space = this.match(/[ \t]\s*/y);
      const word = this.#encodedWord();
      content += word !== undefined && afterWord ? "" : space;
      content += word?.text ?? this.unescaped(/[^"\\ \t]+/y);
      afterWord = word !== undefined;
    }
    return content;
  }

  /** Passes characters of a kind, and such as a backslash makes ordinary ones. */
  unescaped(ordinary: RegExp): string {
    let text = "";
    for (;;) {
      text += this.match(ordinary);
      if (!this.pass("\\")) return text;
      text += this.match(/[^ \t]/y);
    }
  }
}
