import type { Fields, Value } from "./value.ts";

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

export type JsonOptions = JsonLimits & {
  /** Names whose values are joined to one list if an object has them more than once. */
  readonly joined?: ReadonlySet<string>;
};

const NO_NAMES: ReadonlySet<string> = new Set();

/**
 * Reads JSON as Python's `json` module does: whole numbers of any size become `bigint`, all others
 * `number`; `NaN`, `Infinity` and `-Infinity` are allowed; the last of equal keys wins, except for
 * those in `joined`. Objects have no prototype, so that `__proto__` is a key like any other.
 *
 * @throws {SyntaxError} when the text is not JSON.
 * @throws {RangeError} when it exceeds a limit.
 */
export function parseJson(
  text: string,
  {
    maxDepth = 100,
    maxDigits = 1_000_000,
    maxSize = Infinity,
    maxMembers = Infinity,
    joined = NO_NAMES,
  }: JsonOptions = {},
): Value {
  return new JsonParser(text, { maxDepth, maxDigits, maxSize, maxMembers, joined }).parse();
}

/** Writes JSON as Python's `json.dumps` does, in ASCII; the inverse of {@link parseJson}. */
export function writeJson(value: Value): string {
  if (typeof value === "string") return quote(value);
  if (typeof value === "number") return writeFloat(value);
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map(writeJson).join(", ")}]`;
  const fields = value as Fields;
  return `{${
    Object.keys(fields).map((name) => `${quote(name)}: ${writeJson(fields[name]!)}`).join(", ")
  }}`;
}

// deno-lint-ignore no-control-regex -- JSON forbids exactly these in a string
const ESCAPED = /["\\\u0000-\u001f\u007f-\uffff]/;

/** Writes a JSON string in ASCII: everything above U+007E is escaped, in lower-case hex. */
export function quote(string: string): string {
  if (!ESCAPED.test(string)) return `"${string}"`;
  // JSON.stringify escapes nothing from U+007F on, except lone surrogates.
  return JSON.stringify(string).replace(
    /[\u007f-\uffff]/g,
    (unit) => "\\u" + unit.charCodeAt(0).toString(16).padStart(4, "0"),
  );
}

/** Python's `repr` of a float, with JSON's `NaN`, `Infinity` and `-Infinity`. */
export function writeFloat(number: number): string {
  if (Number.isNaN(number)) return "NaN";
  if (!Number.isFinite(number)) return number > 0 ? "Infinity" : "-Infinity";
  if (Object.is(number, -0)) return "-0.0";
  const size = Math.abs(number);
  if (number !== 0 && (size < 1e-4 || size >= 1e16)) {
    return number.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
  }
  const digits = String(number);
  return digits.includes(".") ? digits : digits + ".0";
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/y;
// deno-lint-ignore no-control-regex -- JSON forbids exactly these in a string
const UNESCAPED = /[^"\\\u0000-\u001f]*/y;
const KEYWORDS: readonly (readonly [string, Value])[] = [
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

/** Both values in one list, if both are lists or objects; else the second. */
function joinValues(first: Value | undefined, second: Value): Value {
  const isJoined = [first, second].every((value) => typeof value === "object" && value !== null);
  return isJoined ? [first!, second].flat() : second;
}

class JsonParser {
  #at = 0;
  #size = 0;
  #members = 0;
  readonly #text: string;
  readonly #options: Required<JsonOptions>;

  constructor(text: string, options: Required<JsonOptions>) {
    this.#text = text;
    this.#options = options;
  }

  parse(): Value {
    const value = this.#value(0);
    this.#skipBlanks();
    if (this.#at < this.#text.length) throw this.#unexpected();
    return value;
  }

  #value(depth: number): Value {
    this.#skipBlanks();
    switch (this.#text[this.#at]) {
      case '"': {
        const string = this.#string();
        this.#addSize(string.length);
        return string;
      }
      case "{":
        return this.#object(this.#enter(depth));
      case "[":
        return this.#array(this.#enter(depth));
      default:
        return this.#numberOrKeyword();
    }
  }

  #addSize(bytes: number): void {
    this.#size += bytes;
    const { maxSize } = this.#options;
    if (this.#size > maxSize) throw new RangeError(`JSON takes more than ${maxSize} bytes as BSON`);
  }

  #countMember(): void {
    this.#members++;
    const { maxMembers } = this.#options;
    if (this.#members > maxMembers) {
      throw new RangeError(`JSON has more than ${maxMembers} members`);
    }
    this.#addSize(MEMBER_BYTES);
  }

  #enter(depth: number): number {
    const { maxDepth } = this.#options;
    if (depth >= maxDepth) throw new RangeError(`JSON is nested deeper than ${maxDepth} levels`);
    return depth + 1;
  }

  #object(depth: number): Fields {
    const fields: Record<string, Value> = Object.create(null);
    this.#at++;
    if (this.#accept("}")) return fields;
    do {
      this.#skipBlanks();
      if (this.#text[this.#at] !== '"') throw this.#unexpected();
      const name = this.#string();
      this.#countMember();
      this.#addSize(name.length);
      if (!this.#accept(":")) throw this.#unexpected();
      const value = this.#value(depth);
      fields[name] = this.#options.joined.has(name) ? joinValues(fields[name], value) : value;
    } while (this.#accept(","));
    if (!this.#accept("}")) throw this.#unexpected();
    return fields;
  }

  #array(depth: number): Value[] {
    const items: Value[] = [];
    let [digits, nextLonger] = [1, 10];
    this.#at++;
    if (this.#accept("]")) return items;
    do {
      this.#countMember();
      // The name of an item is its index.
      this.#addSize(digits);
      if (items.length + 1 === nextLonger) [digits, nextLonger] = [digits + 1, nextLonger * 10];
      items.push(this.#value(depth));
    } while (this.#accept(","));
    if (!this.#accept("]")) throw this.#unexpected();
    return items;
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

  #numberOrKeyword(): Value {
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
    const { maxDigits } = this.#options;
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
