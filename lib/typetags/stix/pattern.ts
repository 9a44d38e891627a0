import type { Scalar } from "../../tahoe/value.ts";
import { type Token, tokens } from "./tokens.ts";

/** `file:hashes.'SHA-256' = 'ab…'`: what an indicator looks for in one place. */
export type Comparison = {
  /** The type of the observable: `file`. */
  readonly type: string;
  /** From the observable to the value: `["hashes", "SHA-256"]`. */
  readonly path: readonly Step[];
  readonly value: Scalar;
};

/** To a property by its name, or to an item of a list, whichever. */
export type Step = string | typeof ITEM;
export const ITEM = Symbol("item");

/** Comparisons that hold of one observation together. */
export type Conjunction = readonly Comparison[];

/** Far more than any type of observable needs. */
const MAX_STEPS = 12;
const MAX_PARENTHESES = 32;
/** That an AND of ORs may give. */
const MAX_CONJUNCTIONS = 32;
/** In one conjunction. */
const MAX_COMPARISONS = 256;

/**
 * Reads a pattern (STIX 2.1, section 9; 2.0 alike) that says in so many words what it looks for:
 * equalities and IN, joined by AND within one observation and by OR anywhere. One of the
 * conjunctions has to hold.
 *
 * Throws SyntaxError if the text is no pattern, RangeError if it is one that says more than this.
 * Their messages name the reason and hold nothing of the text.
 */
export function parsePattern(text: string): readonly Conjunction[] {
  return new Parser(tokens(text)).parse();
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #open = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  parse(): readonly Conjunction[] {
    const found = this.#observations();
    if (this.#at < this.#tokens.length) throw this.#unexpected();
    return found;
  }

  #observations(): Conjunction[] {
    return this.#joined(() => this.#observation());
  }

  #observation(): readonly Conjunction[] {
    const found = this.#take("(") ? this.#closed(")", () => this.#observations()) : this.#bracket();
    const next = this.#word();
    if (next === "AND") throw new RangeError("AND of observations");
    if (next !== undefined && next !== "OR") throw beyond(next);
    return found;
  }

  #bracket(): readonly Conjunction[] {
    this.#expect("[");
    return this.#closed("]", () => this.#comparisons());
  }

  #comparisons(): Conjunction[] {
    return this.#joined(() => this.#conjunctions());
  }

  #conjunctions(): readonly Conjunction[] {
    let found = this.#comparison();
    while (this.#takeWord("AND")) found = product(found, this.#comparison());
    return found;
  }

  #comparison(): readonly Conjunction[] {
    if (this.#take("(")) return this.#closed(")", () => this.#comparisons());
    const type = this.#name();
    if (["NOT", "EXISTS"].includes(type)) throw beyond(type);
    this.#expect(":");
    const path = this.#path();
    return this.#values().map((value) => [{ type, path, value }]);
  }

  #path(): Step[] {
    const path: Step[] = [this.#name()];
    while (true) {
      if (this.#take(".")) path.push(this.#name());
      else if (this.#take("[")) {
        if (!this.#take("*")) this.#literal();
        this.#expect("]");
        path.push(ITEM);
      } else break;
    }
    if (path.length > MAX_STEPS) throw new RangeError("long path");
    return path;
  }

  #values(): Scalar[] {
    if (this.#take("=") || this.#take("==")) return [this.#literal()];
    if (!this.#takeWord("IN")) throw this.#otherOperator();
    const values: Scalar[] = [];
    this.#expect("(");
    do values.push(this.#literal()); while (this.#take(","));
    this.#expect(")");
    return values;
  }

  #otherOperator(): Error {
    const token = this.#tokens[this.#at];
    if (token?.kind === "mark" && /^[=!<>]/.test(token.text)) return beyond(token.text);
    const word = this.#word();
    return word === undefined ? this.#unexpected() : beyond(word);
  }

  #literal(): Scalar {
    const word = this.#word();
    if (word === "true" || word === "false") {
      this.#at++;
      return word === "true";
    }
    if (word === "h" || word === "b") throw new RangeError("binary literal");
    if (word === "t") this.#at++;
    const token = this.#tokens[this.#at++];
    if (token?.kind !== "literal") throw this.#unexpected();
    return token.value;
  }

  /** A word, or one in quotes. */
  #name(): string {
    const token = this.#tokens[this.#at++];
    if (token?.kind === "word") return token.text;
    if (token?.kind === "literal" && typeof token.value === "string") return token.value;
    throw this.#unexpected();
  }

  #joined(read: () => readonly Conjunction[]): Conjunction[] {
    const found: Conjunction[] = [];
    do for (const conjunction of read()) found.push(conjunction); while (this.#takeWord("OR"));
    return found;
  }

  #closed(mark: string, read: () => readonly Conjunction[]): readonly Conjunction[] {
    if (++this.#open > MAX_PARENTHESES) throw new RangeError("deep nesting");
    const found = read();
    this.#open--;
    this.#expect(mark);
    return found;
  }

  #word(): string | undefined {
    const token = this.#tokens[this.#at];
    return token?.kind === "word" ? token.text : undefined;
  }

  #takeWord(word: string): boolean {
    const found = this.#word() === word;
    if (found) this.#at++;
    return found;
  }

  #take(mark: string): boolean {
    const token = this.#tokens[this.#at];
    const found = token?.kind === "mark" && token.text === mark;
    if (found) this.#at++;
    return found;
  }

  #expect(mark: string): void {
    if (!this.#take(mark)) throw this.#unexpected();
  }

  #unexpected(): SyntaxError {
    return new SyntaxError("not a pattern");
  }
}

/** Every conjunction of the one with every one of the other. */
function product(ones: readonly Conjunction[], others: readonly Conjunction[]): Conjunction[] {
  if (ones.length * others.length > MAX_CONJUNCTIONS) throw new RangeError("AND of many ORs");
  if (ones[0]!.length >= MAX_COMPARISONS) throw new RangeError("AND of many comparisons");
  return ones.flatMap((one) => others.map((other) => [...one, ...other]));
}

const BEYOND = new Set([
  ...["FOLLOWEDBY", "START", "WITHIN", "REPEATS", "NOT", "EXISTS"],
  ...["LIKE", "MATCHES", "ISSUBSET", "ISSUPERSET", "!=", "<>", "<", ">", "<=", ">="],
]);

/** What stands there says more than is read here, if it is of the language. */
function beyond(operator: string): Error {
  return BEYOND.has(operator) ? new RangeError(operator) : new SyntaxError("not a pattern");
}
