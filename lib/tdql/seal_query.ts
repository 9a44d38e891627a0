import type { PublicKey } from "../envelope/key.ts";
import { sealEnvelope } from "../envelope/seal.ts";
import { canonical } from "../tahoe/canonical.ts";
import type { Child } from "../tahoe/children.ts";
import { sha256 } from "../tahoe/hash.ts";
import type { Hash, TahoeObject } from "../tahoe/instance.ts";
import type { Fields } from "../tahoe/value.ts";
import { writeBytesLiteral } from "./bytes_literal.ts";
import { type Socket, tdql } from "./tdql.ts";

export type SealQueryOptions = {
  /** Hash of the user who asks. */
  readonly userid: Hash;
  /** Seals the question, so that only the report program reads it. */
  readonly key: PublicKey;
  readonly socket: Socket;
  /** Seconds since 1970. */
  readonly timestamp: number;
};

/** A query that waits for its answer, made as the API makes it, and its parts. */
export async function sealQuery(
  qtype: string,
  question: Fields,
  { userid, key, socket, timestamp }: SealQueryOptions,
): Promise<{ readonly query: TahoeObject; readonly parts: readonly Child[] }> {
  const text = canonical(question);
  const qdata = writeBytesLiteral(await sealEnvelope(new TextEncoder().encode(text), key));
  const qhash = sha256(text);
  return tdql({ qtype, qdata, qhash, userid, timestamp, socket, status: "wait" });
}
