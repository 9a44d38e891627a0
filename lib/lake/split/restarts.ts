import { Buffer } from "node:buffer";

/** Where a member of an array ends, and where the next one begins. */
export type Boundary = { readonly end: number; readonly next: number };

const NAME_BYTES = 4096;

/** The first name in the first record of an array of records, in quotes. */
export function firstName(bytes: Uint8Array): string | undefined {
  const text = latin1(bytes.subarray(0, NAME_BYTES));
  return /^\[\s*\{\s*("[^"\\\n]{1,100}")/.exec(text)?.[1];
}

/** The commas before records that begin with a name, as those of a damaged array do. */
export function* restarts(bytes: Uint8Array, name: string): Generator<Boundary> {
  const start = new RegExp(String.raw`,\s*\{\s*${RegExp.escape(name)}\s*:`, "g");
  for (const { index } of latin1(bytes).matchAll(start)) yield { end: index, next: index + 1 };
}

/** Each byte as a character, so that positions stay the same. */
function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}
