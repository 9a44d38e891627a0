import { Buffer } from "node:buffer";
import { createPrivateKey } from "node:crypto";

/** Bytes of the pieces to search for: too many to occur by chance. */
const PIECE_BYTES = 16;

/**
 * Makes a search for the secret numbers of a private key: its exponents, primes and coefficient, of
 * which the key's PEM text and DER are made. The search finds any 31 consecutive bytes of a number:
 * as bytes in either order, in hexadecimal, in Base64 at any alignment or as a list of numbers, with
 * or without blanks and line ends in between. It also finds the whole numbers in decimal. It returns
 * the names of the numbers it found.
 */
export function makeTraceSearch(pem: string): (output: Uint8Array) => string[] {
  const { d, p, q, dp, dq, qi } = createPrivateKey(pem).export({ format: "jwk" });
  const forms = Object.entries({ d, p, q, dp, dq, qi }).flatMap(([name, text]) => {
    const number = Buffer.from(text!, "base64url");
    const decimal = String(BigInt(`0x${number.toString("hex")}`));
    return [
      [name, decimal],
      ...splitNumber(number).flatMap(encodePiece).map((form) => [name, form]),
    ];
  });
  return (output) => {
    // As a string with one character per byte: strings are searched far faster than bytes.
    const text = Buffer.from(output).toString("latin1");
    const packed = text.replaceAll(/\s+/g, "");
    const found = forms.filter(([, form]) => text.includes(form!) || packed.includes(form!));
    return [...new Set(found.map(([name]) => name!))];
  };
}

function splitNumber(number: Buffer): Buffer[] {
  return Array.from(
    { length: Math.floor(number.length / PIECE_BYTES) },
    (_, index) => number.subarray(index * PIECE_BYTES, (index + 1) * PIECE_BYTES),
  );
}

/** The forms in which the bytes may be written, with one character per byte. */
function encodePiece(piece: Buffer): string[] {
  const hex = piece.toString("hex");
  const base64 = ["base64", "base64url"] as const;
  return [
    piece.toString("latin1"),
    Buffer.from(piece.toReversed()).toString("latin1"),
    hex,
    hex.toUpperCase(),
    [...piece].join(),
    ...base64.flatMap((encoding) => [0, 1, 2].map((shift) => encodeBase64(piece, encoding, shift))),
  ];
}

/** Encodes a piece after `shift` bytes, without the end characters that also depend on other bytes. */
function encodeBase64(piece: Buffer, encoding: "base64" | "base64url", shift: number): string {
  const text = Buffer.concat([Buffer.alloc(shift), piece]).toString(encoding);
  return text.slice(Math.ceil(8 * shift / 6), Math.floor(8 * (shift + PIECE_BYTES) / 6));
}
