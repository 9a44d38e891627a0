import type { PublicKey } from "../envelope/key.ts";
import { sealEnvelope } from "../envelope/seal.ts";
import { canonicalForm } from "../tahoe/canonical.ts";
import type { Child } from "../tahoe/children.ts";
import { sha256 } from "../tahoe/hash.ts";
import type { Hash, TahoeObject } from "../tahoe/instance.ts";
import type { Value } from "../tahoe/value.ts";
import { writeBytesLiteral } from "./bytes_literal.ts";
import { type CallerSocket, tdql } from "./tdql.ts";

export type SealQueryOptions = {
  /** Hash of the user who asks. */
  readonly userid: Hash;
  /** Key of the report program, so that only it can read the question. */
  readonly key: PublicKey;
  readonly socket: CallerSocket;
  /** Seconds since 1970. */
  readonly timestamp: number;
};

/** Makes a query with status `wait` and its parts, in the same way as the API. */
export async function sealQuery(
  qtype: string,
  question: Value,
  { userid, key, socket, timestamp }: SealQueryOptions,
): Promise<{ readonly query: TahoeObject; readonly parts: readonly Child[] }> {
  const text = canonicalForm(question);
  const qdata = writeBytesLiteral(await sealEnvelope(new TextEncoder().encode(text), key));
  const qhash = sha256(text);
  return tdql({ qtype, qdata, qhash, userid, timestamp, socket, status: "wait" });
}
