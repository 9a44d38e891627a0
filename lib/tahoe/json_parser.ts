/** Limits beyond which JSON is rejected before it costs time or memory. */
export type JsonLimits = {
  /** Levels of nested arrays and objects; a scalar has none. */
  readonly maxDepth?: number;
  /** Digits of one whole number. */
  readonly maxDigits?: number;
  /** Bytes that the value takes in BSON, counted from below: see {@link bsonSize}. */
  readonly maxSize?: number;
  /** Members of all its arrays and objects together. */
  readonly maxMembers?: number;
};

/** Makes something of JSON while it is read, part by part. */
export type JsonBuilder<Part, JsonObject, List> = {
  readonly scalar: (value: null | boolean | number | bigint | string) => Part;
  readonly object: () => JsonObject;
  readonly addMember: (object: JsonObject, name: string, value: Part) => void;
  readonly endObject: (object: JsonObject) => Part;
  readonly list: () => List;
  readonly addItem: (list: List, item: Part) => void;
  readonly endList: (list: List) => Part;
};

const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/y;
// deno-lint-ignore no-control-regex -- JSON forbids exactly these in a string
const UNESCAPED = /[^"\\\u0000-\u001f]*/y;
const KEYWORDS: readonly (readonly [string, null | boolean | number])[] = [
  ["true", true],
  ["false", false],
  ["null", null],
  ["NaN", NaN],
  ["Infinity", Infinity],
  ["-Infinity", -Infinity],
];
const ESCAPES: { readonly [letter: string]: string } = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

/** Bytes of a member in BSON in addition to its name and value: one for its type, one to end its name. */
const MEMBER_BYTES = 2;

/** Bytes of the smallest number in BSON. */
const NUMBER_BYTES = 4;

/** Reads JSON as Python's `json` module does; what becomes of it, the builder decides. */
export class JsonParser<Part, JsonObject, List> {
  #at = 0;
  #size = 0;
  #members = 0;
  readonly #text: string;
  readonly #builder: JsonBuilder<Part, JsonObject, List>;
  readonly #limits: Required<JsonLimits>;

  constructor(
    text: string,
    builder: JsonBuilder<Part, JsonObject, List>,
    { maxDepth = 100, maxDigits = 1_000_000, maxSize = Infinity, maxMembers = Infinity }:
      JsonLimits,
  ) {
    this.#text = text;
    this.#builder = builder;
    this.#limits = { maxDepth, maxDigits, maxSize, maxMembers };
  }

  /**
   * @throws {SyntaxError} when the text is not JSON.
   * @throws {RangeError} when it exceeds a limit.
   */
  parse(): Part {
    const value = this.#value(0);
    this.#skipBlanks();
    if (this.#at < this.#text.length) throw this.#unexpected();
    return value;
  }

  #value(depth: number): Part {
    this.#skipBlanks();
    switch (this.#text[this.#at]) {
      case '"': {
        const string = this.#string();
        this.#addSize(string.length);
        return this.#builder.scalar(string);
      }
      case "{":
        return this.#object(this.#enter(depth));
      case "[":
        return this.#list(this.#enter(depth));
      default:
        return this.#builder.scalar(this.#numberOrKeyword());
    }
  }

  #addSize(bytes: number): void {
    this.#size += bytes;
    const { maxSize } = this.#limits;
    if (this.#size > maxSize) throw new RangeError(`JSON takes more than ${maxSize} bytes as BSON`);
  }

  #countMember(): void {
    this.#members++;
    const { maxMembers } = this.#limits;
    if (this.#members > maxMembers) {
      throw new RangeError(`JSON has more than ${maxMembers} members`);
    }
    this.#addSize(MEMBER_BYTES);
  }

  #enter(depth: number): number {
    const { maxDepth } = this.#limits;
    if (depth >= maxDepth) throw new RangeError(`JSON is nested deeper than ${maxDepth} levels`);
    return depth + 1;
  }

  #object(depth: number): Part {
    const object = this.#builder.object();
    this.#at++;
    if (this.#accept("}")) return this.#builder.endObject(object);
    do {
      this.#skipBlanks();
      if (this.#text[this.#at] !== '"') throw this.#unexpected();
      const name = this.#string();
      this.#countMember();
      this.#addSize(name.length);
      if (!this.#accept(":")) throw this.#unexpected();
      this.#builder.addMember(object, name, this.#value(depth));
    } while (this.#accept(","));
    if (!this.#accept("}")) throw this.#unexpected();
    return this.#builder.endObject(object);
  }

  #list(depth: number): Part {
    const list = this.#builder.list();
    let [count, digits, nextLonger] = [0, 1, 10];
    this.#at++;
    if (this.#accept("]")) return this.#builder.endList(list);
    do {
      this.#countMember();
      // The name of an item is its index.
      this.#addSize(digits);
      count++;
      if (count === nextLonger) [digits, nextLonger] = [digits + 1, nextLonger * 10];
      this.#builder.addItem(list, this.#value(depth));
    } while (this.#accept(","));
    if (!this.#accept("]")) throw this.#unexpected();
    return this.#builder.endList(list);
  }

  #string(): string {
    let result = "";
    this.#at++;
    while (true) {
      result += this.#match(UNESCAPED)![0];
      const stop = this.#text[this.#at];
      if (stop === '"') {
        this.#at++;
        return result;
      }
      if (stop !== "\\") throw this.#unexpected();
      result += this.#escape();
    }
  }

  #escape(): string {
    const letter = this.#text[this.#at + 1] ?? "";
    const hex = this.#text.slice(this.#at + 2, this.#at + 6);
    if (letter === "u" && /^[0-9a-fA-F]{4}$/.test(hex)) {
      this.#at += 6;
      return String.fromCharCode(parseInt(hex, 16));
    }
    const character = Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : undefined;
    if (character === undefined) throw this.#unexpected();
    this.#at += 2;
    return character;
  }

  #numberOrKeyword(): null | boolean | number | bigint {
    const found = this.#match(NUMBER);
    if (found !== null) {
      this.#addSize(NUMBER_BYTES);
      return this.#number(found);
    }
    for (const [keyword, value] of KEYWORDS) {
      if (this.#text.startsWith(keyword, this.#at)) {
        this.#at += keyword.length;
        return value;
      }
    }
    throw this.#unexpected();
  }

  #number([digits, fraction, exponent]: RegExpExecArray): bigint | number {
    if (fraction !== undefined || exponent !== undefined) return Number(digits);
    const { maxDigits } = this.#limits;
    if (digits.length > maxDigits) {
      throw new RangeError(`JSON has a number of more than ${maxDigits} digits`);
    }
    return BigInt(digits);
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found !== null) this.#at = pattern.lastIndex;
    return found;
  }

  #accept(mark: string): boolean {
    this.#skipBlanks();
    if (this.#text[this.#at] !== mark) return false;
    this.#at++;
    return true;
  }

  #skipBlanks(): void {
    while (true) {
      const unit = this.#text.charCodeAt(this.#at);
      if (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) return;
      this.#at++;
    }
  }

  // Gives the position and never the text, which may contain a member's secrets.
  #unexpected(): SyntaxError {
    return new SyntaxError(
      this.#at < this.#text.length
        ? `Not JSON: unexpected character at position ${this.#at}`
        : "Not JSON: unexpected end of the text",
    );
  }
}
