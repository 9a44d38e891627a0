import type { Scalar } from "../../tahoe/value.ts";

/** A punctuation mark or operator, a word, or a string or number of the pattern language. */
export type Token =
  | { readonly kind: "mark" | "word"; readonly text: string }
  | { readonly kind: "literal"; readonly value: Scalar };

/** Blanks and comments. */
const BLANKS = /(?:\s|\/\*[^]*?\*\/|\/\/[^\r\n]*)*/y;
const MARK = /[[\](),:.*]|[=!<>]{1,2}/y;
const WORD = /[A-Za-z_][A-Za-z0-9_-]*/y;
// A whole number of 64 bits has 19 digits.
const NUMBER = /[-+]?[0-9]{1,20}(?:\.[0-9]{1,20})?/y;

/**
 * Splits a pattern into tokens, in linear time.
 *
 * @throws {SyntaxError} When the pattern contains a character or an open quote that none may have.
 */
export function tokenize(pattern: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const match = (regExp: RegExp): string | undefined => {
    regExp.lastIndex = at;
    const match = regExp.exec(pattern)?.[0];
    at += match?.length ?? 0;
    return match;
  };
  for (match(BLANKS); at < pattern.length; match(BLANKS)) {
    // Some tools put double quotes where the language has single ones.
    if (pattern[at] === "'" || pattern[at] === '"') {
      const { value, end } = readQuoted(pattern, at);
      tokens.push({ kind: "literal", value });
      at = end;
      continue;
    }
    const number = match(NUMBER);
    const mark = number ?? match(MARK);
    const text = mark ?? match(WORD);
    if (text === undefined) throw new SyntaxError("not a pattern");
    if (number !== undefined) tokens.push({ kind: "literal", value: parseNumber(number) });
    else tokens.push({ kind: mark === undefined ? "word" : "mark", text });
  }
  return tokens;
}

function parseNumber(digits: string): bigint | number {
  return digits.includes(".") ? Number(digits) : BigInt(digits.replace("+", ""));
}

/**
 * Reads the string from the quote at `start` to the next quote without a backslash before it. Before
 * any other character a backslash stays: some tools do not escape those of paths and keys.
 */
function readQuoted(pattern: string, start: number): { value: string; end: number } {
  const quote = pattern[start]!;
  let value = "";
  let from = start + 1;
  for (let at = from; at < pattern.length; at++) {
    if (pattern[at] === quote) return { value: value + pattern.slice(from, at), end: at + 1 };
    if (pattern[at] === "\\" && /["'\\]/.test(pattern[at + 1] ?? "")) {
      value += pattern.slice(from, at);
      from = ++at;
    }
  }
  throw new SyntaxError("not a pattern");
}
