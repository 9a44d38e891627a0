/** Where something is: from a byte of an upload on. */
export type Span = { readonly start: number; readonly length: number };

/** What a walker is told about a format, and whom it tells what it passes. */
export type JsonVisitor<Role> = {
  /**
   * The role of an array or object inside one that has a role; undefined if the walker is not to go
   * into it. `key` is its name in an object; outermost ones have neither container nor key.
   */
  enter(
    kind: "array" | "object",
    container: Role | undefined,
    key: string | undefined,
  ): Role | undefined;
  /** Called at the start of an array or object that the walker goes into. */
  open(role: Role): void;
  /** Called at its end. */
  close(role: Role, span: Span): void;
  /** Called after each value that the walker does not go into. */
  value(container: Role, key: string | undefined, span: Span): void;
};

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
/** The brackets `[` and `{`, `]` and `}` differ from each other in this bit only. */
const CURLY_BIT = 0x20;
const OPENING = 0x5b;
const CLOSING = 0x5d;

/** Longer keys are cut off: no format that is walked knows them. */
const KEY_BYTES = 200;

type Expected = "value" | "first item" | "first key" | "key" | "colon" | "comma";
type Frame<Role> = { readonly role: Role; readonly isArray: boolean; readonly start: number };

/**
 * Walks through JSON that arrives in pieces, one array or object or several after the other, and tells
 * where the values in it are. Checks brackets, commas and keys, but not what is inside the values.
 */
export class JsonWalker<Role> {
  readonly #visitor: JsonVisitor<Role>;
  readonly #frames: Frame<Role>[] = [];
  #expected: Expected = "value";
  /** Offset of the current piece. */
  #offset: number;
  /** Start of the value that is being passed, and its brackets that are open. */
  #start: number | undefined;
  #depth = 0;
  #isInString = false;
  #isEscaped = false;
  /** Bytes of the key that is being read, with its quotes. */
  #keyBytes: number[] | undefined;
  #key: string | undefined;

  constructor(visitor: JsonVisitor<Role>, offset = 0) {
    this.#visitor = visitor;
    this.#offset = offset;
  }

  /** @throws {SyntaxError} when the text up to here is not JSON. */
  write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      if (this.#start !== undefined) at = this.#pass(bytes, at);
      else if (this.#keyBytes !== undefined) at = this.#readKey(bytes, at, this.#keyBytes);
      else this.#step(bytes[at]!, at++);
    }
    this.#offset += bytes.length;
  }

  /** @throws {SyntaxError} when the JSON is not complete. */
  end(): void {
    const isScalar = this.#start !== undefined && this.#depth === 0 && !this.#isInString;
    if (isScalar) this.#endValue(0);
    if (this.#start !== undefined || this.#frames.length > 0) {
      throw new SyntaxError("it is cut off in the middle of its JSON");
    }
  }

  /** Reads a byte between values. */
  #step(byte: number, at: number): void {
    if (byte === 0x20 || (byte >= 0x09 && byte <= 0x0d)) return;
    const frame = this.#frames.at(-1);
    const opened = this.#expected === "first item" || this.#expected === "first key";
    if ((opened || this.#expected === "comma") && byte === closingOf(frame)) {
      return this.#close(at);
    }
    switch (this.#expected) {
      case "value":
      case "first item":
        return this.#begin(byte, at);
      case "first key":
      case "key":
        if (byte !== QUOTE) throw this.#unexpected(at);
        this.#keyBytes = [byte];
        return;
      case "colon":
        if (byte !== COLON) throw this.#unexpected(at);
        this.#expected = "value";
        return;
      case "comma":
        if (byte !== COMMA) throw this.#unexpected(at);
        this.#expected = frame!.isArray ? "value" : "key";
    }
  }

  #begin(byte: number, at: number): void {
    const isOpening = (byte & ~CURLY_BIT) === OPENING;
    const isScalar = (byte & ~CURLY_BIT) !== CLOSING && byte !== COMMA && byte !== COLON;
    if (!isOpening && (!isScalar || this.#frames.length === 0)) throw this.#unexpected(at);
    const isArray = byte === OPENING;
    const kind = isArray ? "array" : "object";
    const role = isOpening
      ? this.#visitor.enter(kind, this.#frames.at(-1)?.role, this.#key)
      : undefined;
    if (role === undefined) {
      this.#start = this.#offset + at;
      this.#depth = isOpening ? 1 : 0;
      this.#isInString = byte === QUOTE;
      return;
    }
    this.#frames.push({ role, isArray, start: this.#offset + at });
    this.#expected = isArray ? "first item" : "first key";
    this.#key = undefined;
    this.#visitor.open(role);
  }

  #close(at: number): void {
    const { role, start } = this.#frames.pop()!;
    this.#expectNext();
    this.#visitor.close(role, { start, length: this.#offset + at + 1 - start });
  }

  /** Passes the rest of a value; returns where to go on: behind its end, or at the end of the piece. */
  #pass(bytes: Uint8Array, from: number): number {
    let [depth, isInString, isEscaped] = [this.#depth, this.#isInString, this.#isEscaped];
    for (let at = from; at < bytes.length; at++) {
      const byte = bytes[at]!;
      if (isInString) {
        if (isEscaped) isEscaped = false;
        else if (byte === BACKSLASH) isEscaped = true;
        else if (byte === QUOTE) {
          isInString = false;
          if (depth === 0) return this.#endValue(at + 1);
        }
      } else if (byte === QUOTE) {
        isInString = true;
      } else if ((byte & ~CURLY_BIT) === OPENING) {
        depth++;
      } else if ((byte & ~CURLY_BIT) === CLOSING) {
        if (depth <= 1) return this.#endValue(depth === 0 ? at : at + 1);
        depth--;
      } else if (depth === 0 && (byte === COMMA || byte <= 0x20)) {
        return this.#endValue(at);
      }
    }
    [this.#depth, this.#isInString, this.#isEscaped] = [depth, isInString, isEscaped];
    return bytes.length;
  }

  #endValue(at: number): number {
    const start = this.#start!;
    const key = this.#key;
    this.#start = undefined;
    this.#isInString = this.#isEscaped = false;
    this.#expectNext();
    this.#visitor.value(this.#frames.at(-1)!.role, key, {
      start,
      length: this.#offset + at - start,
    });
    return at;
  }

  #expectNext(): void {
    this.#key = undefined;
    this.#expected = this.#frames.length === 0 ? "value" : "comma";
  }

  #readKey(bytes: Uint8Array, from: number, key: number[]): number {
    for (let at = from; at < bytes.length; at++) {
      const byte = bytes[at]!;
      if (key.length < KEY_BYTES) key.push(byte);
      if (this.#isEscaped) this.#isEscaped = false;
      else if (byte === BACKSLASH) this.#isEscaped = true;
      else if (byte === QUOTE) {
        this.#key = decodeKey(key);
        this.#keyBytes = undefined;
        this.#expected = "colon";
        return at + 1;
      }
    }
    return bytes.length;
  }

  #unexpected(at: number): SyntaxError {
    return new SyntaxError(`it is not JSON from byte ${this.#offset + at + 1} on`);
  }
}

function closingOf(frame: { readonly isArray: boolean } | undefined): number | undefined {
  return frame && (frame.isArray ? CLOSING : CLOSING | CURLY_BIT);
}

function decodeKey(bytes: readonly number[]): string {
  const text = new TextDecoder().decode(Uint8Array.from(bytes));
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
