import { parseJson, writeJson } from "../tahoe/json.ts";
import type { Value } from "../tahoe/value.ts";
import { type ByteReader, ByteWriter } from "./bytes.ts";
import { UnreadableDocument } from "./unreadable_document.ts";

/** Used for one document after the other: each is written in one go. */
const WRITER = new ByteWriter();

/** Writes literals: a floating-point number as 8 bytes behind a zero, others as JSON behind its length. */
export function writeLiterals(literals: readonly Value[]): Uint8Array<ArrayBuffer> {
  WRITER.clear();
  for (const literal of literals) {
    if (typeof literal === "number") {
      WRITER.varint(0);
      WRITER.double(literal);
    } else WRITER.ascii(writeJson(literal));
  }
  return WRITER.copy();
}

/** The inverse of {@link writeLiterals}: reads all that is left. */
export function readLiterals(reader: ByteReader): Value[] {
  const literals: Value[] = [];
  while (!reader.atEnd) {
    const json = reader.ascii();
    literals.push(json === "" ? reader.double() : parseJson(json));
  }
  return literals;
}

/** Returns a function that returns one literal after the other. */
export function literalReader(literals: readonly Value[]): () => Value {
  let read = 0;
  return () => {
    const literal = literals[read++];
    if (literal === undefined) throw new UnreadableDocument("document is cut short");
    return literal;
  };
}
