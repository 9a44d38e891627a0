import { LISTED_OWNERS } from "../lease_owners.ts";
import { attribute } from "../tahoe/attribute.ts";
import type { Attribute, Hash, TahoeObject } from "../tahoe/instance.ts";
import { isFields, isScalar } from "../tahoe/value.ts";
import type { InboxStatus } from "../tdql/inbox.ts";
import type { OpenCollection } from "./collection.ts";
import { DocumentWriter } from "./documents.ts";
import { findRow } from "./instance_keys.ts";
import { countColumn, END_OF_TIME, OWNER_COLUMN } from "./json_column.ts";
import { keyOf } from "./key.ts";
import { STATUS } from "./query_quarantine.ts";
import { QUERY_DOCUMENT, readQuery } from "./query_row.ts";
import { DOCUMENT_COLUMNS, DocumentReader } from "./read_documents.ts";
import { removeDocument } from "./remove_document.ts";

export function findQuery(
  { prepare, id: inbox }: OpenCollection,
  id: Hash,
): TahoeObject | undefined {
  const row = prepare(
    `SELECT ${DOCUMENT_COLUMNS} FROM queries ${QUERY_DOCUMENT}
     WHERE queries.collection = ? AND queries.hash = ?`,
  ).get(inbox, keyOf(id));
  return row && readQuery(new DocumentReader(prepare).readValues([row])[0]!);
}

/** Writes a query's document in place of the one that is there under its hash. */
export function writeQuery(inbox: OpenCollection, query: TahoeObject): void {
  removeDocument(inbox, query._hash);
  new DocumentWriter(inbox).insert(query);
}

/**
 * Gives a query these attributes in place of its attributes of the same sub-types, in its data and
 * references. Returns the changed query.
 */
export function changeQuery(
  inbox: OpenCollection,
  key: Uint8Array,
  attributes: readonly Attribute[],
): TahoeObject {
  const [query] = new DocumentReader(inbox.prepare).read([findRow(inbox, key)!]);
  const changed = replaceAttributes(query as TahoeObject, attributes);
  writeQuery(inbox, changed);
  return changed;
}

function replaceAttributes(
  query: TahoeObject,
  attributes: readonly Attribute[],
): TahoeObject {
  const before: TahoeObject["data"] = isFields(query.data) ? query.data : {};
  const removed = new Set(
    attributes.flatMap(({ sub_type }) =>
      listOf(before[sub_type]).filter(isScalar).map((data) => attribute(sub_type, data)._hash)
    ),
  );
  const added = attributes.map(({ _hash }) => _hash);
  const replaceIn = (set: readonly Hash[]) => [
    ...new Set([...listOf(set).filter((hash) => !removed.has(hash)), ...added]),
  ];
  const data = attributes.map(({ sub_type, data }) => [sub_type, [data]]);
  return {
    ...query,
    data: { ...before, ...Object.fromEntries(data) },
    _cref: replaceIn(query._cref),
    _ref: replaceIn(query._ref),
  };
}

/** The members of a list; none of anything else. */
function listOf<T>(value: readonly T[] | undefined): readonly T[] {
  return Array.isArray(value) ? value : [];
}

/** Computes what {@link Inbox.status} returns. */
export function readInboxStatus(collection: OpenCollection, now: number): InboxStatus {
  const all = {
    invalid: 0,
    wait: 0,
    processing: 0,
    delayed: 0,
    ready: 0,
    failed: 0,
    quarantined: 0,
  };
  const { prepare, id: inbox } = collection;
  const states = prepare(
    `SELECT CASE WHEN status = 'processing' AND owner IS NULL THEN 'delayed' ELSE ${STATUS} END
       AS state, count(*) AS count
     FROM queries WHERE collection = ? GROUP BY 1`,
  ).all(inbox);
  for (const { state, count } of states) all[state as keyof typeof all] = Number(count);
  const { quarantined, ...counts } = all;
  const unanswered = prepare(
    `SELECT min(CASE WHEN abs(asked_at) < 9e999 THEN asked_at END) AS oldest,
       max(${countColumn("attempts")}) AS attempts
     FROM queries WHERE collection = ? AND status IN ('wait', 'processing')`,
  ).get(inbox);
  return {
    counts,
    oldestWaiting: (unanswered?.["oldest"] ?? null) as number | null,
    maxAttempts: Number(unanswered?.["attempts"] ?? 0),
    ...readLeases(collection, now),
    ...(quarantined > 0 && { quarantined }),
  };
}

function readLeases(
  { prepare, id: inbox }: OpenCollection,
  now: number,
): Pick<InboxStatus, "leases" | "leaseOwners"> {
  const rows = prepare(
    `SELECT ${OWNER_COLUMN} AS owner, count(*) AS queries, min(free_at) AS until,
       count(*) OVER () AS owners
     FROM queries
     WHERE collection = ? AND status = 'processing' AND owner IS NOT NULL
       AND free_at > ? AND free_at < ${END_OF_TIME}
     GROUP BY 1 ORDER BY queries DESC, until LIMIT ${LISTED_OWNERS}`,
  ).all(inbox, now);
  const leases = rows.map((row) => ({
    owner: String(row["owner"]),
    queries: Number(row["queries"]),
    until: Number(row["until"]),
  }));
  return { leases, leaseOwners: Number(rows[0]?.["owners"] ?? 0) };
}
