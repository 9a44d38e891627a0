import type { Collection, Document } from "mongodb";
import type { InboxStatus } from "../tdql/inbox.ts";
import { QUERY_OF_ANY_STATUS } from "./query.ts";

/** Queries that share a state and, if they are under a lease, an owner. */
type QueryGroup = {
  readonly state: keyof InboxStatus["counts"];
  readonly owner: string | null;
  readonly queries: number;
  readonly oldest: number | null;
  readonly attempts: number | null;
  readonly until: number | null;
};

/** Computes what {@link Inbox.status} returns. */
export async function readInboxStatus(
  collection: Collection<Document>,
  now: number,
): Promise<InboxStatus> {
  const groups = await groupQueries(collection, now);
  const counts = { invalid: 0, wait: 0, processing: 0, delayed: 0, ready: 0, failed: 0 };
  for (const { state, queries } of groups) counts[state] += queries;
  const claimed = groups.filter(({ state }) => state === "processing" || state === "delayed");
  const unanswered = [...claimed, ...groups.filter(({ state }) => state === "wait")];
  const times = unanswered.flatMap(({ oldest }) => oldest === null ? [] : [oldest]);
  return {
    counts,
    oldestWaiting: times.length === 0 ? null : Math.min(...times),
    maxAttempts: Math.max(0, ...claimed.map(({ attempts }) => attempts ?? 0)),
    leases: claimed.flatMap(({ owner, queries, until }) =>
      owner === null ? [] : [{ owner, queries, until: until ?? 0 }]
    ),
  };
}

function groupQueries(collection: Collection<Document>, now: number): Promise<QueryGroup[]> {
  const first = (field: string) => ({ $arrayElemAt: [`$data.${field}`, 0] });
  const processing = { $eq: [first("status"), "processing"] };
  const delayed = { $and: [processing, "$claim.reason", { $not: "$claim.owner" }] };
  const leased = { $and: [processing, "$claim.owner", { $gt: ["$claim.until", now] }] };
  return collection.aggregate<QueryGroup>([
    { $match: QUERY_OF_ANY_STATUS },
    {
      $group: {
        _id: {
          state: { $cond: [delayed, "delayed", first("status")] },
          owner: { $cond: [leased, "$claim.owner", null] },
        },
        queries: { $sum: 1 },
        oldest: { $min: first("timestamp") },
        attempts: { $max: "$claim.attempts" },
        until: { $min: "$claim.until" },
      },
    },
    { $replaceWith: { $mergeObjects: ["$_id", "$$ROOT"] } },
  ]).toArray();
}
