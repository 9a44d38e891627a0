import type { Collection, Document } from "mongodb";
import type { InboxStatus } from "../tdql/inbox.ts";
import { queries } from "./query.ts";

/** Queries in one state, those under a lease by owner. */
type Group = {
  readonly state: keyof InboxStatus["counts"];
  readonly owner: string | null;
  readonly queries: number;
  readonly oldest: number | null;
  readonly attempts: number | null;
  readonly until: number | null;
};

/** What {@link Inbox.status} returns. */
export async function inboxStatus(
  collection: Collection<Document>,
  now: number,
): Promise<InboxStatus> {
  const groups = await group(collection, now);
  const counts = { invalid: 0, wait: 0, processing: 0, delayed: 0, ready: 0, failed: 0 };
  for (const { state, queries } of groups) counts[state] += queries;
  const begun = groups.filter(({ state }) => state === "processing" || state === "delayed");
  const open = [...begun, ...groups.filter(({ state }) => state === "wait")];
  const times = open.flatMap(({ oldest }) => oldest === null ? [] : [oldest]);
  return {
    counts,
    oldestWaiting: times.length === 0 ? null : Math.min(...times),
    maxAttempts: Math.max(0, ...begun.map(({ attempts }) => attempts ?? 0)),
    leases: begun.flatMap(({ owner, queries, until }) =>
      owner === null ? [] : [{ owner, queries, until: until ?? 0 }]
    ),
  };
}

function group(collection: Collection<Document>, now: number): Promise<Group[]> {
  const first = (field: string) => ({ $arrayElemAt: [`$data.${field}`, 0] });
  const processing = { $eq: [first("status"), "processing"] };
  const delayed = { $and: [processing, "$claim.reason", { $not: "$claim.owner" }] };
  const leased = { $and: [processing, "$claim.owner", { $gt: ["$claim.until", now] }] };
  return collection.aggregate<Group>([
    { $match: queries },
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
