import { type Collection, type Document, ObjectId } from "mongodb";
import { nowSeconds } from "../clock.ts";
import { entryTime } from "../lake/entry.ts";
import type { EntryFilter, EntrySummary, LakeStatus } from "../lake/lake.ts";
import { Fault, typeName } from "../tahoe/fault.ts";
import { type Fields, scalarText, type Value } from "../tahoe/value.ts";
import { isFiniteNumber } from "./expressions.ts";
import { entryId, objectIdHex, readEntryId, readUnfinished, UNFINISHED } from "./entry.ts";
import { ENTRY_STAGES, type EntryFields, IS_STUCK, readEntryFields } from "./entry_fields.ts";
import type { GridFs } from "./gridfs.ts";
import { ATTEMPTS, isLeased, type Lease, NUMBERS, OWNER } from "./lease.ts";
import { findLeaseOwners } from "./lease_owners.ts";

/** Final states that are stored: the existing archive stores none, and we store none on success. */
export const STORED_STATES = ["NOT_SUPPORTED", "ERROR"] as const;

/** Translates an entry filter into a MongoDB filter. */
export function selectEntries(
  { states, events, stuck, typetags, ids, ...more }: EntryFilter,
): Document {
  const conditions = uploadConditions(more);
  if (stuck) conditions.push({ processed: { $ne: true }, $expr: IS_STUCK });
  if (states !== undefined) {
    const wanted = states.map((state) => state === "SUCCESS" ? null : state);
    conditions.push({ processed: true, state: { $in: wanted } });
  }
  if (events !== undefined) conditions.push({ processed: true, events });
  if (typetags !== undefined) conditions.push(selectTypetags(typetags));
  if (ids !== undefined) {
    conditions.push({ _id: { $in: ids.map(readEntryId) } });
  }
  return { $and: conditions };
}

/** Selects entries by type; in the `typtag` of older ones a hyphen may stand for `_`. */
function selectTypetags(typetags: readonly string[]): Document {
  const older = [...typetags, ...typetags.map((typetag) => typetag.replaceAll("_", "-"))];
  return {
    $or: [
      { typetag: { $in: typetags } },
      { typetag: { $exists: false }, typtag: { $in: older } },
    ],
  };
}

/** Conditions on what an entry says of its upload. */
function uploadConditions(
  { orgids, since, before, file, refs }: EntryFilter,
): Document[] {
  return [
    {},
    ...(orgids !== undefined ? [{ orgid: { $in: orgids } }] : []),
    ...(since !== undefined ? [selectTime("$gte", since)] : []),
    ...(before !== undefined ? [selectTime("$lt", before)] : []),
    ...(file !== undefined ? [{ name: { $regex: `^${escapeRegex(file)}(:|\\z)` } }] : []),
    ...(refs !== undefined ? [{ _ref: { $in: refs } }] : []),
  ];
}

/** Selects entries by time; those of 2020 have a date in place of seconds. */
function selectTime(operator: "$gte" | "$lt", seconds: number): Document {
  return {
    $or: [
      { timestamp: { [operator]: seconds } },
      { timestamp: { $exists: false }, datetime: { [operator]: new Date(seconds * 1000) } },
    ],
  };
}

function escapeRegex(text: string): string {
  return text.replace(/[\\^$.|?*+()[\]{}]/g, "\\$&");
}

/** Computes what {@link CacheLake.list} returns. */
export async function listEntries(
  entries: Collection<Document>,
  files: GridFs,
  { filter, limit, skip }: { filter: EntryFilter; limit: number; skip: number },
): Promise<EntrySummary[]> {
  if (limit < 1) return [];
  const stages = [
    { $match: selectEntries(filter) },
    { $sort: { timestamp: -1, _id: -1 } },
    { $skip: skip },
    { $limit: limit },
    ...ENTRY_STAGES,
  ];
  const found = await entries.aggregate(stages, { raw: true, allowDiskUse: true })
    .map((bytes) => readEntryFields(bytes))
    .toArray();
  const fids = found.map(({ fields }) => objectIdHex(fields["fid"]));
  const sizes = await files.sizes(fids.flatMap((fid) => fid ? [new ObjectId(fid)] : []));
  const now = nowSeconds();
  return found.map((entry, i) => ({
    ...summarise(entry, now),
    size: sizes.get(fids[i] ?? "") ?? null,
  }));
}

function summarise(read: EntryFields, now: number): Omit<EntrySummary, "size"> {
  const { fields: entry } = read;
  const { processed, _ref, reason } = entry as { [name: string]: Value | undefined };
  const ended = processed === true;
  const lease = ended ? undefined : readUnfinished(read);
  return {
    id: entryId(entry["_id"]),
    state: lease === undefined ? finalState(entry) : unfinishedState(lease, now),
    name: fieldText(entry["name"]),
    typetag: fieldText(entry["typetag"] ?? entry["typtag"]),
    orgid: fieldText(entry["orgid"]),
    timestamp: entryTime(entry),
    attempts: ended ? endedAttempts(entry) : lease instanceof Fault ? 0 : lease!.attempts,
    reason: typeof reason === "string" ? reason : lease?.reason ?? null,
    refs: Array.isArray(_ref) ? _ref.filter((ref) => typeof ref === "string") : [],
    ...(ended && entry["events"] === "rejected" && { events: "rejected" }),
  };
}

function isNumber(value: Value | undefined): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}

/** A field as people see it; says of one that was not fetched that it is too large. */
function fieldText(value: Value | undefined): string {
  return typeName(value) === "too large" ? "(too large)" : scalarText(value);
}

/** Attempts at a finished entry; the existing archive notes none. */
function endedAttempts({ attempts }: Fields): number {
  return isNumber(attempts) ? Number(attempts) : 1;
}

function finalState({ state }: Fields): EntrySummary["state"] {
  return STORED_STATES.find((stored) => stored === state) ?? "SUCCESS";
}

function unfinishedState(lease: Lease | Fault, now: number): EntrySummary["state"] {
  if (lease instanceof Fault) return "WAITING";
  const { owner, until } = lease;
  if (until === undefined) return "WAITING";
  return owner !== undefined && until > now ? "CLAIMED" : "DELAYED";
}

/** Computes what {@link CacheLake.status} returns. */
export async function readLakeStatus(
  entries: Collection<Document>,
  now: number,
): Promise<LakeStatus> {
  const [finished, failed, rejectedEvents, unfinished, leases] = await Promise.all([
    entries.countDocuments({ processed: true }),
    countFailed(entries),
    entries.countDocuments(selectEntries({ events: "rejected" })),
    groupUnfinished(entries, now),
    findLeaseOwners(entries, UNFINISHED, now),
  ]);
  const count = (state: EntryGroup["state"]) =>
    sum(unfinished.filter((group) => group.state === state).map((group) => group.entries));
  const times = unfinished.flatMap(({ oldest }) => oldest === null ? [] : [oldest]);
  const stuck = sum(unfinished.map((group) => group.stuck));
  return {
    counts: {
      WAITING: count("WAITING"),
      CLAIMED: count("CLAIMED"),
      DELAYED: count("DELAYED"),
      SUCCESS: finished - sum(Object.values(failed)),
      ...failed,
    },
    rejectedEvents,
    oldestWaiting: times.length === 0 ? null : Math.min(...times),
    maxAttempts: Math.max(0, ...unfinished.map(({ attempts }) => attempts ?? 0)),
    leases: leases.listed.map(({ held: entries, ...lease }) => ({ ...lease, entries })),
    leaseOwners: leases.owners,
    ...(stuck > 0 && { stuck }),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

async function countFailed(
  entries: Collection<Document>,
): Promise<Record<typeof STORED_STATES[number], number>> {
  const groups = await entries.aggregate([
    { $match: { processed: true, state: { $in: [...STORED_STATES] } } },
    { $group: { _id: "$state", entries: { $sum: 1 } } },
  ]).toArray();
  const found = new Map(groups.map(({ _id, entries }) => [_id, Number(entries)]));
  return { NOT_SUPPORTED: found.get("NOT_SUPPORTED") ?? 0, ERROR: found.get("ERROR") ?? 0 };
}

/** Unfinished entries that share a state. */
type EntryGroup = {
  readonly state: "WAITING" | "CLAIMED" | "DELAYED";
  readonly entries: number;
  readonly stuck: number;
  readonly oldest: number | null;
  readonly attempts: number | null;
};

function groupUnfinished(entries: Collection<Document>, now: number): Promise<EntryGroup[]> {
  const leased = { $and: [isLeased(now), { $ne: [OWNER, ""] }] };
  const delayed = { $in: [{ $type: "$claim.until" }, NUMBERS] };
  return entries.aggregate<EntryGroup>([
    { $match: UNFINISHED },
    {
      $group: {
        _id: { $cond: [leased, "CLAIMED", { $cond: [delayed, "DELAYED", "WAITING"] }] },
        entries: { $sum: 1 },
        stuck: { $sum: { $cond: [IS_STUCK, 1, 0] } },
        oldest: { $min: { $cond: [isFiniteNumber("$timestamp"), "$timestamp", null] } },
        attempts: { $max: ATTEMPTS },
      },
    },
    { $set: { state: "$_id" } },
  ]).toArray();
}
