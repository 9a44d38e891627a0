import type { PublicKey } from "../envelope/key.ts";
import { sleep } from "../sleep.ts";
import { Fault } from "../tahoe/fault.ts";
import type { Hash, Report, TahoeObject } from "../tahoe/instance.ts";
import { checkedReport, damagedInstance } from "../tahoe/instance_fault.ts";
import type { InstanceStore } from "../tahoe/instances.ts";
import { isFields, type Value } from "../tahoe/value.ts";
import type { Inbox } from "./inbox.ts";
import type { Notifications } from "./notifications.ts";
import { sealQuery } from "./seal_query.ts";

/** Milliseconds between two looks at a query, in case its end is not notified. */
const POLL_INTERVAL_MS = 1000;

export type AskOptions = {
  readonly inbox: Pick<Inbox, "ask" | "find">;
  readonly notifications: Notifications;
  /** Hash of the user who asks. */
  readonly userid: Hash;
  /** Key of the report program. */
  readonly key: PublicKey;
  /** Seconds since 1970. */
  readonly timestamp: number;
  /** Ends the wait. */
  readonly signal: AbortSignal;
};

/**
 * Puts a question into the inbox, as the API does, and waits for its end. Returns undefined if the
 * signal aborts first; the query stays in the inbox.
 */
export async function askInbox(
  qtype: string,
  question: Value,
  { inbox, notifications, userid, key, timestamp, signal }: AskOptions,
): Promise<TahoeObject | undefined> {
  using expected = notifications.expect();
  const socket = {
    host: "localhost",
    port: BigInt(notifications.port),
    nonce: expected.nonce,
  };
  const { query, parts } = await sealQuery(qtype, question, { userid, key, socket, timestamp });
  await inbox.ask(query, parts);
  return await waitForEnd(() => inbox.find(query._hash), expected.received, signal);
}

/** Whether a query was answered, or has failed. */
export function hasEnded(query: TahoeObject): boolean {
  return ["ready", "failed"].includes(statusOf(query));
}

/** Status of a query: the empty string if it has none. */
export function statusOf(query: TahoeObject): string {
  return firstString(query, "status");
}

/**
 * Finds the report of a query that has ended; undefined if it is missing.
 *
 * @throws {DamagedInstance} INSTANCE_DAMAGED when it cannot be read; the message says why.
 */
export async function findReport(
  reports: Pick<InstanceStore, "get">,
  query: TahoeObject,
): Promise<Report | undefined> {
  const [found] = await reports.get([firstString(query, "report_id")]);
  if (found === undefined) return undefined;
  const report = checkedReport(found);
  const qtype = firstString(query, "qtype");
  // A failed one need not say of which type the question was.
  if (report.sub_type === qtype || typeof report.data === "string") return report;
  throw damagedInstance(report._hash, new Fault(`sub_type is ${report.sub_type}, not ${qtype}`));
}

/** First member of a field of a query's data, which others may have damaged. */
function firstString({ data }: TahoeObject, name: string): string {
  const members = isFields(data) ? data[name] : undefined;
  const [first] = Array.isArray(members) ? members : [];
  return typeof first === "string" ? first : "";
}

/** Returns the query once it has ended. Looks when notified, and every second in case it is not. */
async function waitForEnd(
  find: () => Promise<TahoeObject | undefined>,
  notified: Promise<void>,
  signal: AbortSignal,
): Promise<TahoeObject | undefined> {
  while (!signal.aborted) {
    const notification = new AbortController();
    await Promise.race([notified, sleep(POLL_INTERVAL_MS, signal, notification.signal)]);
    notification.abort();
    const query = await find();
    if (query !== undefined && hasEnded(query)) return query;
    // A notification without an end was about an earlier question: do not wake for it again.
    notified = Promise.race([]);
  }
}
