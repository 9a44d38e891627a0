import { attribute } from "../tahoe/attribute.ts";
import type { Child } from "../tahoe/children.ts";
import { queryHash } from "../tahoe/hash.ts";
import type { Attribute, TahoeObject } from "../tahoe/instance.ts";
import { object } from "../tahoe/object.ts";
import type { QueryOutcome } from "./inbox.ts";
import type { Value } from "../tahoe/value.ts";
import { QueryError } from "./query_error.ts";

/** Where the caller listens for the end of the query, and the nonce to send there. */
export type CallerSocket = { readonly host: string; readonly port: bigint; readonly nonce: string };

export type TdqlOptions = {
  readonly qtype: string;
  /** Query data as Python's `repr` of bytes, which are canonical JSON text or an envelope. */
  readonly qdata: string;
  /** SHA-256 of the canonical query data. */
  readonly qhash: string;
  /** Hash of the user who asks. */
  readonly userid: string;
  /** Seconds since 1970, UTC. */
  readonly timestamp: number;
  readonly encrypted?: boolean;
  readonly socket?: CallerSocket;
  /** The API stores a query as `invalid`, and sets it to `wait` once its socket listens. */
  readonly status?: "invalid" | "wait" | "ready" | "failed";
  /** Hash of the report of a query that has ended. */
  readonly reportId?: string;
};

/**
 * Makes a query as the API stores it, and the parts to store with it. Equal questions of one user
 * within one clock hour are the same query.
 *
 * @throws {TypeError} when qtype, qhash or userid is not a string.
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
    reportId = "",
  }: TdqlOptions,
): { readonly query: TahoeObject; readonly parts: readonly Child[] } {
  if ([qtype, qhash, userid].some((field) => typeof field !== "string")) {
    throw new TypeError("qtype, qhash and userid must be strings");
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
    attribute("report_id", reportId),
    object("socket", socketParts),
  ];
  const query = {
    ...object("query", parts),
    _hash: queryHash({ qtype, qhash, userid, timestamp: Number(timestamp) }),
  };
  return { query, parts: [...parts, ...socketParts] };
}

function socketAttributes({ host, port, nonce }: CallerSocket): Attribute[] {
  return [attribute("host", host), attribute("port", port), attribute("nonce", nonce)];
}

/** Fields of a query's document that an answer needs. */
export type Tdql = {
  readonly qtype: string;
  readonly qdata: string;
  readonly userid: string;
  readonly encrypted: boolean;
};

/**
 * Reads a query's document, which is not trusted: others can write it.
 *
 * @throws {QueryError} ValidationError when a field is missing or has the wrong type.
 */
export function readTdql({ data }: TahoeObject): Tdql {
  const firstItem = (name: string): Value | undefined => {
    const items: Value | undefined = data[name];
    return Array.isArray(items) ? items[0] : undefined;
  };
  const stringField = (name: string) => {
    const value = firstItem(name);
    if (typeof value === "string") return value;
    throw new QueryError("ValidationError", `${name} of the query must be a string`);
  };
  const encrypted = firstItem("encrypted");
  if (typeof encrypted !== "boolean") {
    throw new QueryError("ValidationError", "encrypted of the query must be true or false");
  }
  return {
    qtype: stringField("qtype"),
    qdata: stringField("qdata"),
    userid: stringField("userid"),
    encrypted,
  };
}

/** Makes the attributes to which a query refers when it has ended. */
export function outcomeAttributes({ status, report }: QueryOutcome): Attribute[] {
  return [attribute("status", status), attribute("report_id", report._hash)];
}
