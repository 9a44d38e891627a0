import { equal, ok } from "../../assert.ts";
import { type Child, groupChildren } from "../../../lib/tahoe/children.ts";
import type { Hash, TahoeObject } from "../../../lib/tahoe/instance.ts";
import type { InstanceStore } from "../../../lib/tahoe/instances.ts";
import { report } from "../../../lib/tahoe/report.ts";
import type { Fields, Value } from "../../../lib/tahoe/value.ts";
import type { Inbox, QueryClaim, QueryOutcome, SetAsideQuery } from "../../../lib/tdql/inbox.ts";
import { type CallerSocket, tdql, type TdqlOptions } from "../../../lib/tdql/tdql.ts";
import { normalForm } from "../../normal_form.ts";

/** An empty inbox, the store it is part of, and further handles, such as another worker has. */
export type Opened = {
  inbox: Inbox;
  instances: InstanceStore;
  again(): Promise<Inbox>;
  close(): Promise<void>;
};

/** Registers a test that has an inbox of its own. */
export type Test = (behaviour: string, body: (opened: Opened) => Promise<void>) => void;

export const NOW = 1_700_000_000;

/** Time after the end of every lease. */
export const LATER = NOW + 1e6;

export const READY: QueryOutcome = { status: "ready", report: reportOf(1n) };
export const FAILED: QueryOutcome = { status: "failed", report: reportOf("ServerError: …") };

function reportOf(data: Value) {
  return report("count", data, { userid: "1".repeat(64), timestamp: NOW });
}

export const SOCKET: CallerSocket = { host: "0.0.0.0", port: 40_001n, nonce: "0123456789abcdef" };

/** Makes the query of this number: the higher it is, the later it is asked. */
export function question(number: number, fields: Partial<TdqlOptions> = {}) {
  return tdql({
    qtype: "count",
    qdata: `b'{"data": "\\\\"192.0.2.${number}\\\\"", "sub_type": "\\\\"ipv4\\\\""}'`,
    qhash: `${number}`.padStart(64, "0"),
    userid: "1".repeat(64),
    timestamp: NOW - 1000 + number + 0.25,
    encrypted: false,
    socket: SOCKET,
    status: "wait",
    ...fields,
  });
}

/** Makes a query in which these children replace those of the same sub-types. */
export function questionWith(number: number, children: readonly Child[]): TahoeObject {
  const { query, parts } = question(number);
  const kept = parts.filter(({ _hash, sub_type }) =>
    query._cref.includes(_hash) && children.every((child) => child.sub_type !== sub_type)
  );
  return { ...query, ...groupChildren([...kept, ...children]) };
}

/** Asks the queries of these numbers, in this order; returns their hashes. */
export async function ask(inbox: Inbox, ...numbers: number[]): Promise<Hash[]> {
  const ids = [];
  for (const number of numbers) {
    const { query, parts } = question(number);
    await inbox.ask(query, parts);
    ids.push(query._hash);
  }
  return ids;
}

export function claim(inbox: Inbox, fields: Partial<Parameters<Inbox["claim"]>[0]> = {}) {
  return inbox.claim({ owner: "worker-1", limit: 100, lease: 60, now: NOW, ...fields });
}

export async function claimOne(inbox: Inbox, at = NOW, owner = "worker-1"): Promise<QueryClaim> {
  const claims = await claim(inbox, { now: at, owner });
  equal(claims.length, 1);
  return claims[0] as QueryClaim;
}

/**
 * Claims until nothing is left, and fails what is damaged. Returns the claims, and what went into
 * quarantine.
 */
export async function drain(
  inbox: Inbox,
): Promise<{ claims: QueryClaim[]; setAside: SetAsideQuery[] }> {
  const claims: QueryClaim[] = [];
  const setAside: SetAsideQuery[] = [];
  const onSetAside = (query: SetAsideQuery) => setAside.push(query);
  while (true) {
    const batch = await claim(inbox, { limit: 2, onSetAside });
    if (batch.length === 0) return { claims, setAside };
    claims.push(...batch);
    for (const each of batch.filter(({ fault }) => fault !== undefined)) {
      ok(await inbox.finish(each, FAILED));
    }
  }
}

export function ids(claims: readonly { readonly id: Hash }[]): Hash[] {
  return claims.map(({ id }) => id);
}

/** Finishes a query as a worker does. */
export function finish(
  { inbox }: Pick<Opened, "inbox">,
  held: QueryClaim,
  outcome: QueryOutcome = READY,
): Promise<TahoeObject | undefined> {
  return inbox.finish(held, outcome);
}

/** Reads a stored query, which must equal what the API would rebuild from its children. */
export async function stored({ inbox, instances }: Opened, id: Hash): Promise<TahoeObject> {
  const query = await inbox.find(id);
  ok(query);
  const children = await instances.get(query._cref) as Child[];
  assertEqual({ ...query, ...groupChildren(children) }, query);
  return query;
}

/** Asserts that instances are equal, apart from the order of references and of lists in data. */
export function assertEqual(actual: TahoeObject | undefined, expected: TahoeObject): void {
  ok(actual);
  equal(normalForm(actual as Fields), normalForm(expected as Fields));
}

export function statusOf(query: TahoeObject | undefined): unknown[] {
  return [query?.data["status"], query?.data["report_id"]];
}

/** Returns the milliseconds until `waiting` resolves. */
export async function elapsed(waiting: Promise<void>): Promise<number> {
  const start = performance.now();
  await waiting;
  return performance.now() - start;
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
