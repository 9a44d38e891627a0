import { Buffer } from "node:buffer";
import { quote } from "../tahoe/json.ts";
import type { QuarantinedQuery, SetAsideQuery } from "../tdql/inbox.ts";
import type { OpenCollection } from "./collection.ts";
import {
  BOUNDED_DOCUMENT,
  type FaultyQueryRow,
  QUERY_DOCUMENT,
  readQueryDocuments,
  toQuarantinedQuery,
} from "./query_row.ts";
import { removeKey } from "./remove_document.ts";

/** The status of a query; one that is none of ours is in quarantine, too. */
export const STATUS = `
  CASE WHEN status IN ('invalid', 'wait', 'processing', 'ready', 'failed') THEN status
    ELSE 'quarantined' END`;

/** Puts queries to which no report can be tied into quarantine. */
export function quarantineQueries(
  { prepare, id: inbox }: OpenCollection,
  queries: readonly FaultyQueryRow[],
): SetAsideQuery[] {
  const update = prepare(
    `UPDATE queries SET status = 'quarantined', owner = NULL, reason = :reason
     WHERE collection = :inbox AND hash = :key`,
  );
  return queries.map(({ name: id, key, unreadable: { reason } }) => {
    update.run({ inbox, key, reason: quote(reason) });
    return { id, reason, kept: false };
  });
}

export function listQuarantined(
  { prepare, id: inbox }: OpenCollection,
  limit: number,
  ids: readonly string[] | undefined,
): QuarantinedQuery[] {
  const rows = prepare(
    `SELECT queries.hash AS key, queries.reason, ${BOUNDED_DOCUMENT}
     FROM queries ${QUERY_DOCUMENT}
     WHERE queries.collection = :inbox AND ${STATUS} = 'quarantined'
       AND (:ids IS NULL OR lower(hex(queries.hash)) IN (SELECT value FROM json_each(:ids)))
     ORDER BY asked_at DESC LIMIT :limit`,
  ).all({ inbox, limit, ids: ids === undefined ? null : JSON.stringify(ids) });
  return readQueryDocuments(prepare, rows)
    .map((document, i) => toQuarantinedQuery(rows[i]!, document)).toArray();
}

/** Removes queries from quarantine, with their documents. Returns how many. */
export function dropQuarantined(
  collection: OpenCollection,
  ids: readonly string[] | undefined,
): number {
  const found = listQuarantined(collection, ids?.length ?? -1, ids);
  for (const { id } of found) {
    const key = Buffer.from(id, "hex");
    removeKey(collection, key);
    collection.prepare("DELETE FROM queries WHERE collection = ? AND hash = ?")
      .run(collection.id, key);
  }
  return found.length;
}
