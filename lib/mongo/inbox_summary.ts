import type { Collection, Document } from "mongodb";
import type { InboxStatus } from "../tdql/inbox.ts";
import { arrayOrEmpty, isFiniteNumber } from "./expressions.ts";
import { ATTEMPTS, OWNER } from "./lease.ts";
import { findLeaseOwners } from "./lease_owners.ts";
import { hasStatus, PROCESSING_QUERY, QUERY_OF_ANY_STATUS, STATUSES } from "./query.ts";

/** Queries that share a state. */
type QueryGroup = {
  readonly state: keyof InboxStatus["counts"] | "quarantined";
  readonly queries: number;
  readonly oldest: number | null;
  readonly attempts: number | null;
};

/** Computes what {@link Inbox.status} returns. */
export async function readInboxStatus(
  collection: Collection<Document>,
  now: number,
): Promise<InboxStatus> {
  const [groups, leases] = await Promise.all([
    groupQueries(collection),
    findLeaseOwners(collection, PROCESSING_QUERY, now),
  ]);
  const { quarantined, ...counts } = countStates(groups);
  const claimed = groups.filter(({ state }) => state === "processing" || state === "delayed");
  const unanswered = [...claimed, ...groups.filter(({ state }) => state === "wait")];
  const times = unanswered.flatMap(({ oldest }) => oldest === null ? [] : [oldest]);
  return {
    counts,
    oldestWaiting: times.length === 0 ? null : Math.min(...times),
    maxAttempts: Math.max(0, ...claimed.map(({ attempts }) => attempts ?? 0)),
    leases: leases.listed.map(({ held: queries, ...lease }) => ({ ...lease, queries })),
    leaseOwners: leases.owners,
    ...(quarantined > 0 && { quarantined }),
  };
}

function countStates(groups: readonly QueryGroup[]): Record<QueryGroup["state"], number> {
  const counts = { invalid: 0, wait: 0, processing: 0, delayed: 0, ready: 0, failed: 0 };
  const all = { ...counts, quarantined: 0 };
  for (const { state, queries } of groups) all[state] += queries;
  return all;
}

function groupQueries(collection: Collection<Document>): Promise<QueryGroup[]> {
  const processing = hasStatus("processing");
  const isGivenBack = { $eq: [{ $type: "$claim.reason" }, "string"] };
  const asked = { $arrayElemAt: [arrayOrEmpty("$data.timestamp"), 0] };
  return collection.aggregate<QueryGroup>([
    { $match: QUERY_OF_ANY_STATUS },
    {
      $group: {
        _id: {
          state: {
            $switch: {
              branches: [
                {
                  case: { $and: [processing, isGivenBack, { $eq: [OWNER, ""] }] },
                  then: "delayed",
                },
                ...STATUSES.map((status) => ({ case: hasStatus(status), then: status })),
              ],
              default: "quarantined",
            },
          },
        },
        queries: { $sum: 1 },
        oldest: {
          $min: {
            $let: { vars: { asked }, in: { $cond: [isFiniteNumber("$$asked"), "$$asked", null] } },
          },
        },
        attempts: { $max: ATTEMPTS },
      },
    },
    { $replaceWith: { $mergeObjects: ["$_id", "$$ROOT"] } },
  ]).toArray();
}
