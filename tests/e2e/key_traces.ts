import { Buffer } from "node:buffer";
import { createPrivateKey } from "node:crypto";

/** Bytes of the pieces that are looked for: too many to be met by chance. */
const PIECE = 16;

/**
 * Makes a search for what is secret in a private key: its exponents, primes and coefficient, of
 * which the PEM text and the DER of the key are made. It finds any 31 bytes of them in a row: as
 * bytes in either order, in hexadecimal, in Base64 at any alignment or as a list of numbers, with
 * blanks and line ends between or not; and the whole numbers in decimal. It says what it found.
 */
export function traceSearch(pem: string): (output: Uint8Array) => string[] {
  const { d, p, q, dp, dq, qi } = createPrivateKey(pem).export({ format: "jwk" });
  const forms = Object.entries({ d, p, q, dp, dq, qi }).flatMap(([name, text]) => {
    const number = Buffer.from(text!, "base64url");
    const decimal = String(BigInt(`0x${number.toString("hex")}`));
    return [[name, decimal], ...piecesOf(number).flatMap(writings).map((form) => [name, form])];
  });
  return (output) => {
    // As text of one byte a character: strings are searched far faster than bytes.
    const text = Buffer.from(output).toString("latin1");
    const packed = text.replaceAll(/\s+/g, "");
    const found = forms.filter(([, form]) => text.includes(form!) || packed.includes(form!));
    return [...new Set(found.map(([name]) => name!))];
  };
}

function piecesOf(number: Buffer): Buffer[] {
  return Array.from(
    { length: Math.floor(number.length / PIECE) },
    (_, index) => number.subarray(index * PIECE, (index + 1) * PIECE),
  );
}

/** How the bytes may be written, whatever stands around them; bytes as characters. */
function writings(piece: Buffer): string[] {
  const hex = piece.toString("hex");
  const base64 = ["base64", "base64url"] as const;
  return [
    piece.toString("latin1"),
    Buffer.from(piece.toReversed()).toString("latin1"),
    hex,
    hex.toUpperCase(),
    [...piece].join(),
    ...base64.flatMap((encoding) => [0, 1, 2].map((shift) => inBase64(piece, encoding, shift))),
  ];
}

/** With `shift` bytes before it; without the characters at the ends, which tell of others, too. */
function inBase64(piece: Buffer, encoding: "base64" | "base64url", shift: number): string {
  const text = Buffer.concat([Buffer.alloc(shift), piece]).toString(encoding);
  return text.slice(Math.ceil(8 * shift / 6), Math.floor(8 * (shift + PIECE) / 6));
}
