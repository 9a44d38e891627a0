import type { Fields, Value } from "./value.ts";

/** What is refused before time or memory is spent on it. */
export type JsonLimits = {
  /** Levels of arrays and objects in one another; a scalar alone has none. */
  readonly maxDepth?: number;
  /** Digits of one whole number. */
  readonly maxDigits?: number;
  /** Bytes the value takes in BSON at the least: see {@link bsonSize}. */
  readonly maxSize?: number;
  /** Members of all its arrays and objects together. */
  readonly maxMembers?: number;
};

/**
 * Reads JSON as Python's `json` module does: whole numbers of any size as `bigint`, all others as
 * `number`, `NaN`, `Infinity` and `-Infinity` allowed, the last of equal keys counts. Objects have
 * no prototype, so that `__proto__` is a key like any other.
 *
 * Throws SyntaxError if the text is not JSON, RangeError if it goes beyond a limit.
 */
export function parseJson(
  text: string,
  {
    maxDepth = 100,
    maxDigits = 1_000_000,
    maxSize = Infinity,
    maxMembers = Infinity,
  }: JsonLimits = {},
): Value {
  return new Reader(text, { maxDepth, maxDigits, maxSize, maxMembers }).read();
}

/** JSON as Python's `json.dumps` writes it, in ASCII; the inverse of {@link parseJson}. */
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

// deno-lint-ignore no-control-regex -- JSON forbids just these in a string
const ESCAPED = /["\\\u0000-\u001f\u007f-\uffff]/;

/** A JSON string in ASCII: everything beyond U+007E escaped, in lower-case hex. */
export function quote(text: string): string {
  if (!ESCAPED.test(text)) return `"${text}"`;
  // JSON.stringify leaves U+007F and above as they are, but for lone surrogates.
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (unit) => "\\u" + unit.charCodeAt(0).toString(16).padStart(4, "0"),
  );
}

/** Python's `repr` of a float, in JSON's spelling of the numbers that are none. */
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
// deno-lint-ignore no-control-regex -- JSON forbids just these in a string
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const WORDS: readonly (readonly [string, Value])[] = [
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

/** BSON has a byte for the type and one behind the name of each member. */
const MEMBER = 2;

class Reader {
  #at = 0;
  #size = 0;
  #members = 0;
  readonly #text: string;
  readonly #limits: Required<JsonLimits>;

  constructor(text: string, limits: Required<JsonLimits>) {
    this.#text = text;
    this.#limits = limits;
  }

  read(): Value {
    const value = this.#value(0);
    this.#skipBlanks();
    if (this.#at < this.#text.length) throw this.#unexpected();
    return value;
  }

  #value(depth: number): Value {
    this.#skipBlanks();
    switch (this.#text[this.#at]) {
      case '"': {
        const text = this.#string();
        this.#grow(text.length);
        return text;
      }
      case "{":
        return this.#object(this.#deeper(depth));
      case "[":
        return this.#array(this.#deeper(depth));
      default:
        return this.#numberOrWord();
    }
  }

  #grow(bytes: number): void {
    this.#size += bytes;
    const { maxSize } = this.#limits;
    if (this.#size > maxSize) throw new RangeError(`JSON of more than ${maxSize} bytes as BSON`);
  }

  #member(): void {
    this.#members++;
    const { maxMembers } = this.#limits;
    if (this.#members > maxMembers) throw new RangeError(`JSON of more than ${maxMembers} members`);
    this.#grow(MEMBER);
  }

  #deeper(depth: number): number {
    const { maxDepth } = this.#limits;
    if (depth >= maxDepth) throw new RangeError(`JSON nested deeper than ${maxDepth}`);
    return depth + 1;
  }

  #object(depth: number): Fields {
    const fields: Record<string, Value> = Object.create(null);
    this.#at++;
    if (this.#take("}")) return fields;
    do {
      this.#skipBlanks();
      if (this.#text[this.#at] !== '"') throw this.#unexpected();
      const name = this.#string();
      this.#member();
      this.#grow(name.length);
      if (!this.#take(":")) throw this.#unexpected();
      fields[name] = this.#value(depth);
    } while (this.#take(","));
    if (!this.#take("}")) throw this.#unexpected();
    return fields;
  }

  #array(depth: number): Value[] {
    const items: Value[] = [];
    this.#at++;
    if (this.#take("]")) return items;
    do {
      this.#member();
      items.push(this.#value(depth));
    } while (this.#take(","));
    if (!this.#take("]")) throw this.#unexpected();
    return items;
  }

  #string(): string {
    let result = "";
    this.#at++;
    while (true) {
      result += this.#match(PLAIN)![0];
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

  #numberOrWord(): Value {
    const found = this.#match(NUMBER);
    if (found !== null) return this.#number(found);
    for (const [word, value] of WORDS) {
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length;
        return value;
      }
    }
    throw this.#unexpected();
  }

  #number([digits, fraction, exponent]: RegExpExecArray): bigint | number {
    if (fraction !== undefined || exponent !== undefined) return Number(digits);
    const { maxDigits } = this.#limits;
    if (digits.length > maxDigits) {
      throw new RangeError(`JSON number of more than ${maxDigits} digits`);
    }
    return BigInt(digits);
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found !== null) this.#at = pattern.lastIndex;
    return found;
  }

  #take(mark: string): boolean {
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

  // Names the place, never the text: what is read here may be a member's secret.
  #unexpected(): SyntaxError {
    return new SyntaxError(
      this.#at < this.#text.length
        ? `Not JSON: unexpected character at position ${this.#at}`
        : "Not JSON: the text ends too early",
    );
  }
}
