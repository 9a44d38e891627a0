import { attribute } from "../tahoe/attribute.ts";
import type { Attribute, Hash, TahoeObject } from "../tahoe/instance.ts";
import { isScalar } from "../tahoe/value.ts";
import type { InboxStatus } from "../tdql/inbox.ts";
import { insertDocument, takeDocument, toInstance } from "./documents.ts";
import { keyOf } from "./key.ts";
import type { Prepare } from "./sqlite.ts";

export function findQuery(prepare: Prepare, inbox: number, id: Hash): TahoeObject | undefined {
  const row = prepare(
    `SELECT document FROM queries JOIN instances USING (collection, hash)
     WHERE collection = ? AND hash = ?`,
  ).get(inbox, keyOf(id));
  return row === undefined ? undefined : toInstance(row) as TahoeObject;
}

/** Puts the query's document in the place of the one that is there under its hash. */
export function writeQuery(prepare: Prepare, inbox: number, query: TahoeObject): void {
  takeDocument(prepare, inbox, query._hash);
  insertDocument(prepare, inbox, query);
}

/** Gives attributes of a query other values, in its data and references. Returns it as it now is. */
export function changeQuery(
  prepare: Prepare,
  inbox: number,
  key: Uint8Array,
  attributes: readonly Attribute[],
): TahoeObject {
  const row = prepare("SELECT document FROM instances WHERE collection = ? AND hash = ?")
    .get(inbox, key)!;
  const changed = exchanged(toInstance(row) as TahoeObject, attributes);
  writeQuery(prepare, inbox, changed);
  return changed;
}

function exchanged(query: TahoeObject, attributes: readonly Attribute[]): TahoeObject {
  const removed = new Set(
    attributes.flatMap(({ sub_type }) =>
      (query.data[sub_type] ?? []).filter(isScalar).map((data) => attribute(sub_type, data)._hash)
    ),
  );
  const added = attributes.map(({ _hash }) => _hash);
  const changed = (set: readonly Hash[]) => [
    ...new Set([...set.filter((hash) => !removed.has(hash)), ...added]),
  ];
  const data = attributes.map(({ sub_type, data }) => [sub_type, [data]]);
  return {
    ...query,
    data: { ...query.data, ...Object.fromEntries(data) },
    _cref: changed(query._cref),
    _ref: changed(query._ref),
  };
}

export function readInboxStatus(prepare: Prepare, inbox: number, now: number): InboxStatus {
  const counts = { invalid: 0, wait: 0, processing: 0, delayed: 0, ready: 0, failed: 0 };
  const states = prepare(
    `SELECT CASE WHEN status = 'processing' AND owner IS NULL THEN 'delayed' ELSE status END AS state,
       count(*) AS count
     FROM queries WHERE collection = ? GROUP BY 1`,
  ).all(inbox);
  for (const { state, count } of states) counts[state as keyof typeof counts] = Number(count);
  const open = prepare(
    `SELECT min(asked_at) AS oldest, max(attempts) AS attempts
     FROM queries WHERE collection = ? AND status IN ('wait', 'processing')`,
  ).get(inbox);
  return {
    counts,
    oldestWaiting: (open?.["oldest"] ?? null) as number | null,
    maxAttempts: Number(open?.["attempts"] ?? 0),
    leases: readLeases(prepare, inbox, now),
  };
}

function readLeases(prepare: Prepare, inbox: number, now: number): InboxStatus["leases"] {
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
