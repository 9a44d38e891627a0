import { attribute } from "../tahoe/attribute.ts";
import type { Attribute, Hash, TahoeObject } from "../tahoe/instance.ts";
import { isScalar } from "../tahoe/value.ts";
import type { InboxStatus } from "../tdql/inbox.ts";
import type { OpenCollection } from "./collection.ts";
import { DocumentWriter, readDocument } from "./documents.ts";
import { keyOf } from "./key.ts";
import { removeDocument } from "./remove_document.ts";

export function findQuery(inbox: OpenCollection, id: Hash): TahoeObject | undefined {
  const row = inbox.prepare("SELECT 1 FROM queries WHERE collection = ? AND hash = ?")
    .get(inbox.id, keyOf(id));
  return row === undefined ? undefined : readDocument(inbox, id) as TahoeObject | undefined;
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
  id: Hash,
  attributes: readonly Attribute[],
): TahoeObject {
  const changed = replaceAttributes(readDocument(inbox, id) as TahoeObject, attributes);
  writeQuery(inbox, changed);
  return changed;
}

function replaceAttributes(
  query: TahoeObject,
  attributes: readonly Attribute[],
): TahoeObject {
  const removed = new Set(
    attributes.flatMap(({ sub_type }) =>
      (query.data[sub_type] ?? []).filter(isScalar).map((data) => attribute(sub_type, data)._hash)
    ),
  );
  const added = attributes.map(({ _hash }) => _hash);
  const replaceIn = (set: readonly Hash[]) => [
    ...new Set([...set.filter((hash) => !removed.has(hash)), ...added]),
  ];
  const data = attributes.map(({ sub_type, data }) => [sub_type, [data]]);
  return {
    ...query,
    data: { ...query.data, ...Object.fromEntries(data) },
    _cref: replaceIn(query._cref),
    _ref: replaceIn(query._ref),
  };
}

/** Computes what {@link Inbox.status} returns. */
export function readInboxStatus(collection: OpenCollection, now: number): InboxStatus {
  const counts = { invalid: 0, wait: 0, processing: 0, delayed: 0, ready: 0, failed: 0 };
  const { prepare, id: inbox } = collection;
  const states = prepare(
    `SELECT CASE WHEN status = 'processing' AND owner IS NULL THEN 'delayed' ELSE status END AS state,
       count(*) AS count
     FROM queries WHERE collection = ? GROUP BY 1`,
  ).all(inbox);
  for (const { state, count } of states) counts[state as keyof typeof counts] = Number(count);
  const unanswered = prepare(
    `SELECT min(asked_at) AS oldest, max(attempts) AS attempts
     FROM queries WHERE collection = ? AND status IN ('wait', 'processing')`,
  ).get(inbox);
  return {
    counts,
    oldestWaiting: (unanswered?.["oldest"] ?? null) as number | null,
    maxAttempts: Number(unanswered?.["attempts"] ?? 0),
    leases: readLeases(collection, now),
  };
}

function readLeases({ prepare, id: inbox }: OpenCollection, now: number): InboxStatus["leases"] {
  const rows = prepare(
    `SELECT owner, count(*) AS queries, min(free_at) AS until FROM queries
     WHERE collection = ? AND status = 'processing' AND owner IS NOT NULL AND free_at > ?
     GROUP BY owner ORDER BY until`,
  ).all(inbox, now);
  return rows.map((row) => ({
    owner: String(row["owner"]),
    queries: Number(row["queries"]),
    until: Number(row["until"]),
  }));
}
