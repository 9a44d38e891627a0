import { attribute } from "../tahoe/attribute.ts";
import type { Child } from "../tahoe/children.ts";
import { queryHash } from "../tahoe/hash.ts";
import type { Attribute, TahoeObject } from "../tahoe/instance.ts";
import { object } from "../tahoe/object.ts";
import type { QueryOutcome } from "./inbox.ts";
import { QueryError } from "./query_error.ts";

/** Where the caller listens for the end of the query, and what is to be sent there. */
export type Socket = { readonly host: string; readonly port: bigint; readonly nonce: string };

export type TdqlOptions = {
  readonly qtype: string;
  /** Python's `repr` of the query data's bytes: canonical JSON text or an envelope. */
  readonly qdata: string;
  /** SHA-256 of the canonical query data. */
  readonly qhash: string;
  /** Hash of the user who asks. */
  readonly userid: string;
  /** Seconds since 1970, UTC. */
  readonly timestamp: number;
  readonly encrypted?: boolean;
  readonly socket?: Socket;
  /** The API stores a query as `invalid`, and lets it wait once its socket listens. */
  readonly status?: "invalid" | "wait";
};

/**
 * A query, as the API stores it; and its parts, to be stored with it. Equal questions of one user
 * within one clock hour are one query.
 *
 * Throws TypeError if qtype, qhash or userid is no text.
 */
export function tdql(
  {
    qtype,
    qdata,
    qhash,
    userid,
    timestamp,
    encrypted = true,
    socket = { host: "localhost", port: 0n, nonce: "" },
    status = "invalid",
  }: TdqlOptions,
): { readonly query: TahoeObject; readonly parts: readonly Child[] } {
  for (const text of [qtype, qhash, userid]) {
    if (typeof text !== "string") throw new TypeError("qtype, qhash and userid must be texts");
  }
  const socketParts = socketAttributes(socket);
  const parts = [
    attribute("qtype", qtype),
    attribute("qhash", qhash),
    attribute("qdata", qdata),
    attribute("userid", userid),
    attribute("timestamp", timestamp),
    attribute("encrypted", encrypted),
    attribute("status", status),
    attribute("report_id", ""),
    object("socket", socketParts),
  ];
  const query = {
    ...object("query", parts),
    _hash: queryHash(qtype, qhash, userid, Number(timestamp)),
  };
  return { query, parts: [...parts, ...socketParts] };
}

function socketAttributes({ host, port, nonce }: Socket): Attribute[] {
  return [attribute("host", host), attribute("port", port), attribute("nonce", nonce)];
}

/** What a query's document says, checked as far as an answer needs it. */
export type Tdql = {
  readonly qtype: string;
  readonly qdata: string;
  readonly userid: string;
  readonly encrypted: boolean;
};

/**
 * Reads a query's document, which others can write.
 *
 * @throws {QueryError} ValidationError if a field is missing or has the wrong type.
 */
export function readTdql({ data }: TahoeObject): Tdql {
  const text = (name: string) => {
    const value = data[name]?.[0];
    if (typeof value === "string") return value;
    throw new QueryError("ValidationError", `the query has no text ${name}`);
  };
  const encrypted = data["encrypted"]?.[0];
  if (typeof encrypted !== "boolean") {
    throw new QueryError("ValidationError", "the query does not say whether it is encrypted");
  }
  return { qtype: text("qtype"), qdata: text("qdata"), userid: text("userid"), encrypted };
}

/** The attributes a query refers to when it has ended. */
export function endParts({ status, report }: QueryOutcome): Attribute[] {
  return [attribute("status", status), attribute("report_id", report._hash)];
}
