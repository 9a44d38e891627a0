const BACKSLASH = 0x5c;
const FIRST_PRINTABLE = 0x20;
const LAST_PRINTABLE = 0x7e;

const ESCAPES: ReadonlyMap<string, number> = new Map([
  ["\\", 0x5c],
  ["'", 0x27],
  ['"', 0x22],
  ["n", 0x0a],
  ["r", 0x0d],
  ["t", 0x09],
]);

/**
 * Reads what Python's `repr` writes of a bytes value, the form a query's data has in the TAHOE/CYBEX-P
 * contract: `b'…'` or `b"…"` of printable ASCII with the escapes `\\ \' \" \n \r \t \xHH`. Nothing
 * is evaluated; Python's other spellings of bytes are refused.
 *
 * Throws SyntaxError if the text is anything else.
 */
export function parseBytesLiteral(text: string): Uint8Array<ArrayBuffer> {
  const quote = text[1];
  const end = text.length - 1;
  if (text[0] !== "b" || (quote !== "'" && quote !== '"')) throw unexpected(0);
  if (end < 2 || text[end] !== quote) throw unexpected(end);
  const bytes = new Uint8Array(end - 2);
  let length = 0;
  let at = 2;
  while (at < end) {
    const unit = text.charCodeAt(at);
    if (unit === BACKSLASH) {
      const escape = readEscape(text, at);
      bytes[length++] = escape.byte;
      at += escape.length;
    } else {
      if (unit < FIRST_PRINTABLE || unit > LAST_PRINTABLE || text[at] === quote) {
        throw unexpected(at);
      }
      bytes[length++] = unit;
      at++;
    }
  }
  // The last escape may have taken the closing quote.
  if (at > end) throw unexpected(end);
  return bytes.slice(0, length);
}

function readEscape(text: string, at: number): { byte: number; length: number } {
  const letter = text[at + 1]!;
  if (letter === "x") {
    const hex = text.slice(at + 2, at + 4);
    if (!/^[0-9a-fA-F]{2}$/.test(hex)) throw unexpected(at);
    return { byte: parseInt(hex, 16), length: 4 };
  }
  const byte = ESCAPES.get(letter);
  if (byte === undefined) throw unexpected(at);
  return { byte, length: 2 };
}

// Names the place, never the text: it may hold a member's question.
function unexpected(at: number): SyntaxError {
  return new SyntaxError(`Not a bytes literal: unexpected character or end at position ${at}`);
}

const SHORT: { readonly [byte: number]: string } = { 9: "\\t", 10: "\\n", 13: "\\r", 92: "\\\\" };

/** What Python's `repr` writes of bytes: double quotes only where that saves escaping single ones. */
export function writeBytesLiteral(bytes: Uint8Array): string {
  const quote = bytes.includes(0x27) && !bytes.includes(0x22) ? '"' : "'";
  const parts = Array.from(bytes, (byte) => {
    const character = String.fromCharCode(byte);
    if (character === quote) return `\\${quote}`;
    if (SHORT[byte] !== undefined) return SHORT[byte];
    if (byte >= FIRST_PRINTABLE && byte <= LAST_PRINTABLE) return character;
    return `\\x${byte.toString(16).padStart(2, "0")}`;
  });
  return `b${quote}${parts.join("")}${quote}`;
}
