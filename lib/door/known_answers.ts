import { DamagedInstance } from "../errors.ts";
import { orgsOf } from "../identity/org.ts";
import { canonicalForm } from "../tahoe/canonical.ts";
import { queryHash, sha256 } from "../tahoe/hash.ts";
import type { Hash, Report, TahoeObject } from "../tahoe/instance.ts";
import type { InstanceStore } from "../tahoe/instances.ts";
import type { AskedQuestion } from "../tdql/answer.ts";
import { findReport, hasEnded, statusOf } from "../tdql/ask.ts";
import type { Inbox } from "../tdql/inbox.ts";
import type { EndedQuestion } from "./answerer.ts";
import { Refusal } from "./refusal.ts";

/**
 * The most characters of a question's JSON. Sealed and as Python writes bytes, it takes three times as
 * many, and queries of over 4 MiB are not worked on.
 */
const MAX_QUESTION_LENGTH = 1024 ** 2;

/**
 * Hash of the query that stands for a question in the clock hour of `timestamp`.
 *
 * @throws {Refusal} 413 when the question is too long to be stored.
 */
export function hashOfQuestion(
  { qtype, question, userid }: AskedQuestion,
  timestamp: number,
): Hash {
  const text = canonicalForm(question);
  if (text.length > MAX_QUESTION_LENGTH) {
    throw new Refusal(413, "Cannot ask so much: a question has at most 1 MiB", {
      kind: "body_too_large",
    });
  }
  return queryHash({ qtype, qhash: sha256(text), userid, timestamp });
}

/** A query that was asked within the hour, and how it ended if it has. */
export type KnownQuery = { readonly query: TahoeObject; readonly ended?: EndedQuestion };

export type KnownAnswersOptions = {
  readonly inbox: Pick<Inbox, "find">;
  readonly reports: Pick<InstanceStore, "get">;
  readonly identity: InstanceStore;
};

/** Finds a query by its hash, and its report; one that cannot be read is taken for missing. */
export async function findKnown(
  hash: Hash,
  { inbox, reports }: KnownAnswersOptions,
): Promise<KnownQuery | undefined> {
  const query = await inbox.find(hash);
  if (query === undefined) return undefined;
  const ended = await findEnd(reports, query).catch((error) => {
    if (error instanceof DamagedInstance) return undefined;
    throw error;
  });
  return { query, ...(ended !== undefined && { ended }) };
}

/**
 * Finds how a query ended; undefined if it has not, or its report is missing.
 *
 * @throws {DamagedInstance} INSTANCE_DAMAGED when the report cannot be read; the message says why.
 */
export async function findEnd(
  reports: Pick<InstanceStore, "get">,
  query: TahoeObject,
): Promise<EndedQuestion | undefined> {
  if (!hasEnded(query)) return undefined;
  const report = await findReport(reports, query);
  return report && { status: statusOf(query) === "ready" ? "ready" : "failed", report };
}

/**
 * Whether a report shows what its user may see now. Reports that others made do not say which
 * organisations they are of.
 */
export async function isStillVisible(
  { userid, orgids }: Report,
  { identity }: Pick<KnownAnswersOptions, "identity">,
): Promise<boolean> {
  if (orgids === undefined) return true;
  const now = (await orgsOf(identity, userid)).map(({ _hash }) => _hash).toSorted();
  return now.length === orgids.length && now.every((orgid, i) => orgid === orgids[i]);
}
