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
 * Reads a bytes value as Python's `repr` writes it, which is the form of a query's data in the
 * TAHOE/CYBEX-P contract: `b'…'` or `b"…"` of printable ASCII with the escapes
 * `\\ \' \" \n \r \t \xHH`. Nothing is evaluated; Python's other spellings of bytes are refused.
 *
 * @throws {SyntaxError} when the text is anything else.
 */
export function parseBytesLiteral(text: string): Uint8Array<ArrayBuffer> {
  const quote = text[1];
  const end = text.length - 1;
  if (text[0] !== "b" || (quote !== "'" && quote !== '"')) throw unexpected(0);
  if (end < 2 || text[end] !== quote) throw unexpected(end);
  const bytes = new Uint8Array(end - 2);
  let length = 0;
  let position = 2;
  while (position < end) {
    const unit = text.charCodeAt(position);
    if (unit === BACKSLASH) {
      const escape = readEscape(text, position);
      bytes[length++] = escape.byte;
      position += escape.length;
    } else {
      if (unit < FIRST_PRINTABLE || unit > LAST_PRINTABLE || text[position] === quote) {
        throw unexpected(position);
      }
      bytes[length++] = unit;
      position++;
    }
  }
  // The last escape may have consumed the closing quote.
  if (position > end) throw unexpected(end);
  return bytes.slice(0, length);
}

function readEscape(text: string, position: number): { byte: number; length: number } {
  const letter = text[position + 1]!;
  if (letter === "x") {
    const hex = text.slice(position + 2, position + 4);
    if (!/^[0-9a-fA-F]{2}$/.test(hex)) throw unexpected(position);
    return { byte: parseInt(hex, 16), length: 4 };
  }
  const byte = ESCAPES.get(letter);
  if (byte === undefined) throw unexpected(position);
  return { byte, length: 2 };
}

/** Makes an error that names the position, but not the text, which may hold a member's question. */
function unexpected(position: number): SyntaxError {
  return new SyntaxError(
    `Not a bytes literal: unexpected character or end at position ${position}`,
  );
}

const SHORT_ESCAPES: { readonly [byte: number]: string } = {
  9: "\\t",
  10: "\\n",
  13: "\\r",
  92: "\\\\",
};

/** Writes bytes as Python's `repr` does: in double quotes only if that saves escaping single ones. */
export function writeBytesLiteral(bytes: Uint8Array): string {
  const quote = bytes.includes(0x27) && !bytes.includes(0x22) ? '"' : "'";
  const parts = Array.from(bytes, (byte) => {
    const character = String.fromCharCode(byte);
    if (character === quote) return `\\${quote}`;
    if (SHORT_ESCAPES[byte] !== undefined) return SHORT_ESCAPES[byte];
    if (byte >= FIRST_PRINTABLE && byte <= LAST_PRINTABLE) return character;
    return `\\x${byte.toString(16).padStart(2, "0")}`;
  });
  return `b${quote}${parts.join("")}${quote}`;
}
