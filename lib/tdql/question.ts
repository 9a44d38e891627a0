import type { PrivateKeys } from "../envelope/key.ts";
import { type Mode, openWithAny } from "../envelope/open.ts";
import { Rejected } from "../errors.ts";
import { parseBytesLiteral } from "./bytes_literal.ts";
import { type Query, readQuery } from "./query.ts";
import { unnestQueryData } from "./unnest.ts";
import { QueryError } from "./query_error.ts";
import type { Tdql } from "./tdql.ts";

export type EnvelopeOptions = {
  readonly keys: PrivateKeys;
  /** The mode of envelopes to try first. */
  readonly first: Mode;
  /** Larger envelopes are refused. In bytes. */
  readonly maxBytes: number;
};

/**
 * What a query asks: its bytes literal is decoded, opened if it is an envelope, un-nested, checked.
 *
 * @throws {QueryError} if the data cannot be read, or asks what nobody may.
 */
export async function readQuestion(
  { qtype, qdata, encrypted }: Tdql,
  how: EnvelopeOptions,
): Promise<Query> {
  const bytes = decodeLiteral(qdata);
  const text = encrypted ? await open(bytes, how) : decodeText(bytes);
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

async function open(
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
