import { canonicalForm } from "../tahoe/canonical.ts";
import { queryHash, sha256 } from "../tahoe/hash.ts";
import type { Hash, TahoeObject } from "../tahoe/instance.ts";
import type { InstanceStore } from "../tahoe/instances.ts";
import type { AskedQuestion } from "../tdql/answer.ts";
import { findReport, hasEnded, statusOf } from "../tdql/ask.ts";
import type { Inbox } from "../tdql/inbox.ts";
import type { EndedQuestion } from "./answerer.ts";

/** Hash of the query that stands for a question in the clock hour of `timestamp`. */
export function hashOfQuestion(
  { qtype, question, userid }: AskedQuestion,
  timestamp: number,
): Hash {
  return queryHash({ qtype, qhash: sha256(canonicalForm(question)), userid, timestamp });
}

/** A query that was asked within the hour, and how it ended if it has. */
export type KnownQuery = { readonly query: TahoeObject; readonly ended?: EndedQuestion };

/** Finds a query by its hash, and its report. */
export async function findKnown(
  hash: Hash,
  { inbox, reports }: {
    readonly inbox: Pick<Inbox, "find">;
    readonly reports: Pick<InstanceStore, "get">;
  },
): Promise<KnownQuery | undefined> {
  const query = await inbox.find(hash);
  if (query === undefined) return undefined;
  const ended = await findEnd(reports, query);
  return { query, ...(ended !== undefined && { ended }) };
}

/** Finds how a query ended; undefined if it has not, or its report is missing. */
export async function findEnd(
  reports: Pick<InstanceStore, "get">,
  query: TahoeObject,
): Promise<EndedQuestion | undefined> {
  if (!hasEnded(query)) return undefined;
  const report = await findReport(reports, query);
  return report && { status: statusOf(query) === "ready" ? "ready" : "failed", report };
}
