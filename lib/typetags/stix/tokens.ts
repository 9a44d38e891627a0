import type { Scalar } from "../../tahoe/value.ts";

/** A mark or word of the pattern language, or a text or number between them. */
export type Token =
  | { readonly kind: "mark" | "word"; readonly text: string }
  | { readonly kind: "literal"; readonly value: Scalar };

const BLANKS = /\s*/y;
const MARK = /[[\](),:.*]|[=!<>]{1,2}/y;
const WORD = /[A-Za-z_][A-Za-z0-9_-]*/y;
// A whole number of 64 bits has 19 digits.
const NUMBER = /[-+]?[0-9]{1,20}(?:\.[0-9]{1,20})?/y;

/** Takes a pattern apart, in linear time. Throws SyntaxError if it has what no pattern has. */
export function tokens(text: string): Token[] {
  const found: Token[] = [];
  let at = 0;
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const match = pattern.exec(text)?.[0];
    at += match?.length ?? 0;
    return match;
  };
  for (match(BLANKS); at < text.length; match(BLANKS)) {
    if (text[at] === "'") {
      const { value, end } = quoted(text, at);
      found.push({ kind: "literal", value });
      at = end;
      continue;
    }
    const number = match(NUMBER);
    const mark = number ?? match(MARK);
    const word = mark ?? match(WORD);
    if (word === undefined) throw new SyntaxError("not a pattern");
    if (number !== undefined) found.push({ kind: "literal", value: numberOf(number) });
    else found.push({ kind: mark === undefined ? "word" : "mark", text: word });
  }
  return found;
}

function numberOf(digits: string): bigint | number {
  return digits.includes(".") ? Number(digits) : BigInt(digits.replace("+", ""));
}

/** The text from the quote at `start` to the next that no backslash stands before. */
function quoted(text: string, start: number): { value: string; end: number } {
  let value = "";
  let from = start + 1;
  for (let at = from; at < text.length; at++) {
    if (text[at] === "'") return { value: value + text.slice(from, at), end: at + 1 };
    if (text[at] === "\\") {
      value += text.slice(from, at);
      from = ++at;
    }
  }
  throw new SyntaxError("not a pattern");
}
