import { type Collection, type Document, Double } from "mongodb";
import { LISTED_OWNERS } from "../lease_owners.ts";
import { isLeased, OWNER } from "./lease.ts";

/** What an owner holds. */
export type OwnedLeases = {
  readonly owner: string;
  readonly held: number;
  /** When the first of these leases runs out, in seconds since 1970. */
  readonly until: number;
};

/**
 * Finds who holds leases that end after `now` on the documents that a filter selects: those that hold
 * most, and how many there are. Names of owners are text that anyone may have written.
 */
export async function findLeaseOwners(
  documents: Collection<Document>,
  filter: Document,
  now: number,
): Promise<{ readonly owners: number; readonly listed: readonly OwnedLeases[] }> {
  const leased = { "claim.until": { $gt: new Double(now) }, $expr: isLeased(now) };
  const [found] = await documents.aggregate([
    { $match: { ...filter, ...leased } },
    { $group: { _id: OWNER, held: { $sum: 1 }, until: { $min: "$claim.until" } } },
    { $match: { _id: { $ne: "" } } },
    {
      $facet: {
        owners: [{ $count: "n" }],
        listed: [{ $sort: { held: -1, until: 1, _id: 1 } }, { $limit: LISTED_OWNERS }],
      },
    },
  ], { allowDiskUse: true }).toArray();
  const listed: readonly Document[] = found?.["listed"] ?? [];
  return {
    owners: Number(found?.["owners"][0]?.n ?? 0),
    listed: listed.map(({ _id, held, until }) => ({
      owner: _id,
      held: Number(held),
      until: Number(until),
    })),
  };
}
