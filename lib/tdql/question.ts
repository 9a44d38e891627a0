import type { PrivateKeys } from "../envelope/key.ts";
import { type Mode, openWithAny } from "../envelope/open.ts";
import { Rejected } from "../errors.ts";
import { parseBytesLiteral } from "./bytes_literal.ts";
import { type Query, readQuery } from "./query.ts";
import { QueryError } from "./query_error.ts";
import type { Tdql } from "./tdql.ts";
import { unnestQueryData } from "./unnest.ts";

export type EnvelopeOptions = {
  readonly keys: PrivateKeys;
  /** Mode in which to try to open envelopes first. */
  readonly first: Mode;
  /** Most bytes of an envelope; larger ones are refused. */
  readonly maxBytes: number;
};

/**
 * Reads what a query asks: decodes its bytes literal, opens the envelope if there is one, un-nests
 * and checks the query data.
 *
 * @throws {QueryError} when the data cannot be read, or breaks the rules of query data.
 */
export async function readQuestion(
  { qtype, qdata, encrypted }: Tdql,
  options: EnvelopeOptions,
): Promise<Query> {
  const bytes = decodeLiteral(qdata);
  const text = encrypted ? await openQueryData(bytes, options) : decodeText(bytes);
  return readQuery(qtype, unnestQueryData(text));
}

function decodeLiteral(qdata: string): Uint8Array<ArrayBuffer> {
  try {
    return parseBytesLiteral(qdata);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new QueryError("ValidationError", "qdata must be a bytes literal b'…'", { cause: error });
  }
}

async function openQueryData(
  bytes: Uint8Array,
  { keys, first, maxBytes }: EnvelopeOptions,
): Promise<string> {
  if (bytes.length > maxBytes) {
    throw new QueryError("ValidationError", `qdata has more than ${maxBytes} bytes`);
  }
  try {
    return await openWithAny(bytes, keys, { first });
  } catch (error) {
    if (!(error instanceof Rejected)) throw error;
    throw new QueryError(
      "ValidationError",
      "qdata cannot be decrypted: it is damaged, or sealed for another key",
      { cause: error },
    );
  }
}

function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new QueryError("ValidationError", "qdata is not UTF-8 text", { cause: error });
  }
}
