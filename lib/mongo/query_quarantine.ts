import type { Collection, Document } from "mongodb";
import { typeName } from "../tahoe/fault.ts";
import { isFields } from "../tahoe/value.ts";
import type { QuarantinedQuery } from "../tdql/inbox.ts";
import { fromBson } from "./bson.ts";
import { entryId, readEntryId } from "./entry.ts";
import { boundedDocument } from "./expressions.ts";
import {
  PROCESSING,
  PROCESSING_QUERY,
  QUARANTINED,
  QUARANTINED_QUERY,
  WAIT,
  WAITING_QUERY,
} from "./query.ts";
import { tryUpdateMany, tryUpdateOne, type UpdateResult } from "./update_each.ts";

/** Matches queries that are not answered yet. */
const UNANSWERED = { $or: [WAITING_QUERY, PROCESSING_QUERY] };

/**
 * Puts a query into quarantine, by its `_id` alone. Not with a pipeline: where a field is there twice,
 * MongoDB 6.0.5 aborts. The reference that it gets in place of its status is as long, so that it goes
 * there even if its document has no room for the reason.
 */
export async function quarantine(
  queries: Collection<Document>,
  { _id, reason }: { readonly _id: unknown; readonly reason: string },
): Promise<UpdateResult> {
  const filter = { _id: { $eq: _id }, ...UNANSWERED };
  const noted = await tryUpdateOne(queries, { filter, ...noteQuarantine(reason) });
  if (noted !== "refused") return noted;
  const moved = await tryUpdateOne(queries, { filter, ...noteQuarantine() });
  if (moved !== "refused") return moved;
  // Not a list, but the status itself.
  return await tryUpdateOne(queries, { filter, update: { $set: { _cref: QUARANTINED } } });
}

/** Puts all queries into quarantine whose `_id` is not the server's own: filters cannot name some. */
export function quarantineUnnamed(queries: Collection<Document>): Promise<UpdateResult> {
  const filter = { _id: { $not: { $type: "objectId" } }, ...UNANSWERED };
  return tryUpdateMany(queries, { filter, ...noteQuarantine("_id is not an ObjectId") });
}

function noteQuarantine(reason?: string): { update: Document; arrayFilters: Document[] } {
  return {
    update: {
      $set: {
        "_cref.$[status]": QUARANTINED,
        ...(reason !== undefined && { quarantine: { reason } }),
      },
      $unset: { claim: "" },
    },
    arrayFilters: [{ status: { $in: [WAIT, PROCESSING] } }],
  };
}

/** Fields of a query in quarantine that is too large to be fetched. */
const LARGE_FIELDS = ["_id", "_hash", "itype", "sub_type", "quarantine"];

/** Computes what {@link Inbox.quarantined} returns. */
export function listQuarantined(
  queries: Collection<Document>,
  limit: number,
  ids?: readonly string[],
): Promise<QuarantinedQuery[]> {
  const stages = [
    { $match: selectQuarantined(ids) },
    { $sort: { _id: -1 } },
    { $limit: limit },
    boundedDocument(LARGE_FIELDS),
  ];
  return queries.aggregate(stages, { raw: true, allowDiskUse: true })
    .map(toQuarantinedQuery)
    .toArray();
}

/** Removes queries from quarantine; returns how many. */
export async function dropQuarantined(
  queries: Collection<Document>,
  ids?: readonly string[],
): Promise<number> {
  return (await queries.deleteMany(selectQuarantined(ids))).deletedCount;
}

function selectQuarantined(ids: readonly string[] | undefined): Document {
  return {
    ...QUARANTINED_QUERY,
    ...(ids !== undefined && { _id: { $in: ids.map(readEntryId) } }),
  };
}

function toQuarantinedQuery(bytes: Uint8Array | Document): QuarantinedQuery {
  const { _id, quarantine, ...fields } = fromBson(bytes, MAX_INNER_FIELDS);
  const hash = fields["_hash"];
  const reason = isFields(quarantine) ? quarantine["reason"] : undefined;
  const types = Object.entries(fields).map(([name, value]) => [name, typeName(value)]);
  return {
    id: entryId(_id),
    hash: typeof hash === "string" ? hash : null,
    reason: typeof reason === "string" ? reason : "its document has no room for the reason",
    fields: Object.fromEntries(types),
  };
}

/** Fields and members of lists beyond which a field of a query is not read. */
const MAX_INNER_FIELDS = 1000;
