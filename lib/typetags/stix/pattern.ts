import type { Scalar } from "../../tahoe/value.ts";
import { type Token, tokenize } from "./tokenize.ts";

/** One comparison of a pattern, such as `file:hashes.'SHA-256' = 'ab…'`. */
export type Comparison = {
  /** The type of the observable: `file`. */
  readonly type: string;
  /** From the observable to the value: `["hashes", "SHA-256"]`. */
  readonly path: readonly PathStep[];
  readonly value: Scalar;
};

/** A step to the property with a name, or to some item of a list. */
export type PathStep = string | typeof ITEM;
export const ITEM = Symbol("item");

/** Comparisons that must all hold for one observation. */
export type Conjunction = readonly Comparison[];

/** Steps of one path: far more than any type of observable needs. */
const MAX_STEPS = 12;
const MAX_PARENTHESES = 32;
/** Conjunctions that an AND of ORs may expand to. */
const MAX_CONJUNCTIONS = 32;
/** Comparisons in one conjunction. */
const MAX_COMPARISONS = 256;

/** Operators of the pattern language that are not supported. */
const UNSUPPORTED = new Set([
  "FOLLOWEDBY",
  "START",
  "WITHIN",
  "REPEATS",
  "NOT",
  "EXISTS",
  "LIKE",
  "MATCHES",
  "ISSUBSET",
  "ISSUPERSET",
  "!=",
  "<>",
  "<",
  ">",
  "<=",
  ">=",
]);

/**
 * Parses a pattern (STIX 2.1, section 9; the same in 2.0) that names its values outright: equalities
 * and IN, joined by AND within one observation and by OR anywhere. The pattern matches if one of the
 * conjunctions holds.
 *
 * @throws {SyntaxError} When the string is not a pattern.
 * @throws {RangeError} When the pattern uses anything else. The message names the feature and
 * contains nothing of the pattern.
 */
export function parsePattern(pattern: string): readonly Conjunction[] {
  return new Parser(tokenize(pattern)).parse();
}

class Parser {
  readonly #tokens: readonly Token[];
  #position = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  parse(): readonly Conjunction[] {
    const found = this.#parseObservations();
    if (this.#position < this.#tokens.length) throw this.#syntaxError();
    return found;
  }

  #parseObservations(): Conjunction[] {
    return this.#parseAlternatives(() => this.#parseObservation());
  }

  #parseObservation(): readonly Conjunction[] {
    const found = this.#take("(")
      ? this.#parseNested(")", () => this.#parseObservations())
      : this.#parseBracket();
    const next = this.#peekOperator();
    if (next === "AND") throw new RangeError("AND of observations");
    if (next !== undefined && next !== "OR") throw unsupportedOperator(next);
    return found;
  }

  #parseBracket(): readonly Conjunction[] {
    this.#expect("[");
    return this.#parseNested("]", () => this.#parseComparisons());
  }

  #parseComparisons(): Conjunction[] {
    return this.#parseAlternatives(() => this.#parseConjunction());
  }

  #parseConjunction(): readonly Conjunction[] {
    let found = this.#parseComparison();
    while (this.#takeWord("AND")) found = combine(found, this.#parseComparison());
    return found;
  }

  #parseComparison(): readonly Conjunction[] {
    if (this.#take("(")) return this.#parseNested(")", () => this.#parseComparisons());
    const type = this.#parseName();
    if (/^(?:NOT|EXISTS)$/i.test(type)) throw unsupportedOperator(type.toUpperCase());
    this.#expect(":");
    const path = this.#parsePath();
    return this.#parseValues().map((value) => [{ type, path, value }]);
  }

  #parsePath(): PathStep[] {
    const path: PathStep[] = [this.#parseName()];
    while (true) {
      if (this.#take(".")) path.push(this.#parseName());
      else if (this.#take("[")) {
        path.push(this.#parseIndex());
      } else break;
    }
    if (path.length > MAX_STEPS) throw new RangeError("long path");
    return path;
  }

  /** The rest of `[0]` or `[*]`; also of `['SHA-256']`, as some tools write the name of a property. */
  #parseIndex(): PathStep {
    const index = this.#take("*") ? ITEM : this.#parseLiteral();
    this.#expect("]");
    return typeof index === "string" ? index : ITEM;
  }

  #parseValues(): Scalar[] {
    if (this.#take("=") || this.#take("==")) return [this.#parseLiteral()];
    if (!this.#takeWord("IN")) throw this.#operatorError();
    const values: Scalar[] = [];
    this.#expect("(");
    do values.push(this.#parseLiteral()); while (this.#take(","));
    this.#expect(")");
    return values;
  }

  #operatorError(): Error {
    const token = this.#tokens[this.#position];
    if (token?.kind === "mark" && /^[=!<>]/.test(token.text)) {
      return unsupportedOperator(token.text);
    }
    const word = this.#peekOperator();
    return word === undefined ? this.#syntaxError() : unsupportedOperator(word);
  }

  #parseLiteral(): Scalar {
    const word = this.#peekWord();
    if (word === "true" || word === "false") {
      this.#position++;
      return word === "true";
    }
    if (word === "h" || word === "b") throw new RangeError("binary literal");
    if (word === "t") this.#position++;
    const token = this.#tokens[this.#position++];
    if (token?.kind !== "literal") throw this.#syntaxError();
    return token.value;
  }

  /** Parses a name, which may be in quotes. */
  #parseName(): string {
    const token = this.#tokens[this.#position++];
    if (token?.kind === "word") return token.text;
    if (token?.kind === "literal" && typeof token.value === "string") return token.value;
    throw this.#syntaxError();
  }

  #parseAlternatives(parse: () => readonly Conjunction[]): Conjunction[] {
    const found: Conjunction[] = [];
    do for (const conjunction of parse()) found.push(conjunction); while (this.#takeWord("OR"));
    return found;
  }

  #parseNested(mark: string, parse: () => readonly Conjunction[]): readonly Conjunction[] {
    if (++this.#depth > MAX_PARENTHESES) throw new RangeError("deep nesting");
    const found = parse();
    this.#depth--;
    this.#expect(mark);
    return found;
  }

  #peekWord(): string | undefined {
    const token = this.#tokens[this.#position];
    return token?.kind === "word" ? token.text : undefined;
  }

  /** The next word as an operator, which some tools write in lower case. */
  #peekOperator(): string | undefined {
    return this.#peekWord()?.toUpperCase();
  }

  #takeWord(word: string): boolean {
    const found = this.#peekOperator() === word;
    if (found) this.#position++;
    return found;
  }

  #take(mark: string): boolean {
    const token = this.#tokens[this.#position];
    const found = token?.kind === "mark" && token.text === mark;
    if (found) this.#position++;
    return found;
  }

  #expect(mark: string): void {
    if (!this.#take(mark)) throw this.#syntaxError();
  }

  #syntaxError(): SyntaxError {
    return new SyntaxError("not a pattern");
  }
}

/** Combines each of some conjunctions with each of others. */
function combine(ones: readonly Conjunction[], others: readonly Conjunction[]): Conjunction[] {
  if (ones.length * others.length > MAX_CONJUNCTIONS) throw new RangeError("AND of many ORs");
  if (ones[0]!.length >= MAX_COMPARISONS) throw new RangeError("AND of many comparisons");
  return ones.flatMap((one) => others.map((other) => [...one, ...other]));
}

/** The error for an operator that is not supported, or that the language does not have. */
function unsupportedOperator(operator: string): Error {
  return UNSUPPORTED.has(operator) ? new RangeError(operator) : new SyntaxError("not a pattern");
}
