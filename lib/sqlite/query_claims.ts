import { attribute } from "../tahoe/attribute.ts";
import type { TahoeObject } from "../tahoe/instance.ts";
import { quote } from "../tahoe/json.ts";
import type { QueryClaim, QueryClaimOptions, QueryOutcome, SetAsideQuery } from "../tdql/inbox.ts";
import { LOOK_WINDOW, SoundFirst } from "../tdql/sound_first.ts";
import { outcomeAttributes } from "../tdql/tdql.ts";
import type { OpenCollection } from "./collection.ts";
import { DocumentWriter } from "./documents.ts";
import { END_OF_TIME } from "./json_column.ts";
import { keyOf } from "./key.ts";
import { nextId } from "./next_id.ts";
import { changeQuery, writeQuery } from "./queries.ts";
import { quarantineQueries } from "./query_quarantine.ts";
import {
  type FaultyQueryRow,
  IS_SUSPECT,
  keyName,
  QUERY_COLUMNS,
  QUERY_DOCUMENT,
  type QueryRow,
  readQueryRows,
} from "./query_row.ts";

/** Stores a query; if it is there, it is asked anew, without attempts. */
export function insertQuery(inbox: OpenCollection, query: TahoeObject): void {
  writeQuery(inbox, query);
  inbox.prepare(
    `INSERT INTO queries (id, collection, hash, status, asked_at)
     VALUES (${nextId("queries")}, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET status = excluded.status, asked_at = excluded.asked_at,
       attempts = 0, owner = NULL, free_at = 0, reason = NULL, reason_attempt = NULL`,
  ).run(
    inbox.id,
    keyOf(query._hash),
    String(query.data["status"]?.[0]),
    Number(query.data["timestamp"]?.[0]),
  );
}

/** Condition for queries that nobody holds. A lease that would never end has run out. */
const IS_FREE = `
  queries.collection = :inbox AND status IN ('wait', 'processing')
  AND (free_at <= :now OR free_at >= ${END_OF_TIME})`;

const FREE = `
  SELECT ${QUERY_COLUMNS} FROM queries INDEXED BY queries_open ${QUERY_DOCUMENT}
  WHERE ${IS_FREE}`;

const IN_ORDER = "ORDER BY asked_at, queries.id LIMIT :limit";

const OLDEST = `${FREE} ${IN_ORDER}`;

const OLDEST_SOUND = `${FREE} AND NOT ${IS_SUSPECT} ${IN_ORDER}`;

const KEYS = `
  SELECT queries.hash AS key FROM queries INDEXED BY queries_open
  WHERE ${IS_FREE} AND NOT ${IS_SUSPECT} ${IN_ORDER}`;

const NAMED = `${FREE} AND lower(hex(queries.hash)) IN (SELECT value FROM json_each(:names))
  ${IN_ORDER}`;

const CLAIM = `
  UPDATE queries
  SET status = 'processing', owner = :owner, attempts = :attempts, free_at = :until
  WHERE collection = :inbox AND hash = :key`;

/**
 * Selects and claims, in one transaction, so that no other process can come between. The oldest
 * query decides: if its last attempt ended without a word, it is claimed alone; otherwise such
 * queries are left out. What no report can be tied to goes into quarantine on the way.
 */
export function claimQueries(
  collection: OpenCollection,
  options: QueryClaimOptions,
  soundFirst: SoundFirst,
): { readonly claims: readonly QueryClaim[]; readonly setAside: readonly SetAsideQuery[] } {
  const { prepare, id: inbox } = collection;
  const { owner, limit, lease, now } = options;
  const setAside: SetAsideQuery[] = [];
  while (limit > 0) {
    const [oldest] = readQueryRows(prepare, prepare(OLDEST).all({ inbox, now, limit: 1 }));
    if (oldest === undefined) break;
    const isAlone = "unreadable" in oldest || oldest.suspect;
    const found = isAlone ? [oldest] : findRows(collection, options, soundFirst);
    if (found.length === 0) break;
    setAside.push(...quarantineQueries(collection, found.filter((row) => "unreadable" in row)));
    const rows = found.filter((row) => "hash" in row);
    if (rows.length === 0) continue;
    const claims = rows.map((row) => claimRow(collection, row, { owner, until: now + lease }));
    return { claims, setAside };
  }
  return { claims: [], setAside };
}

/** Finds queries to claim; none if there are only damaged ones, of which enough are in hand. */
function findRows(
  { prepare, id: inbox }: OpenCollection,
  options: QueryClaimOptions,
  soundFirst: SoundFirst,
): readonly (QueryRow | FaultyQueryRow)[] {
  const select = (sql: string, parameters: Readonly<Record<string, string | number>>) =>
    prepare(sql).all({ inbox, now: options.now, ...parameters });
  const first = select(OLDEST_SOUND, { limit: soundFirst.sizeOfFirst(options) });
  const found = readQueryRows(prepare, first);
  if (!soundFirst.wantsLook(found)) return soundFirst.choose(found, [], options);
  const keys = select(KEYS, { limit: LOOK_WINDOW }).map(({ key }) => keyName(key as Uint8Array));
  const names = JSON.stringify(soundFirst.selectUnknown(keys));
  const looked = readQueryRows(prepare, select(NAMED, { limit: LOOK_WINDOW, names }));
  return soundFirst.choose(found, looked, options);
}

function claimRow(
  collection: OpenCollection,
  { key, attempts: before, reason, fault }: QueryRow,
  { owner, until }: { readonly owner: string; readonly until: number },
): QueryClaim {
  const attempts = before + 1;
  const status = attribute("status", "processing");
  collection.prepare(CLAIM).run({ inbox: collection.id, key, owner, attempts, until });
  new DocumentWriter(collection).put(status);
  const query = changeQuery(collection, key, [status]);
  return {
    id: query._hash,
    owner,
    attempts,
    ...(reason !== undefined && { reason }),
    query,
    ...(fault !== undefined && { fault }),
  };
}

/** Condition that holds until another worker claims the query, or someone finishes or asks it. */
const IS_HELD = `
  collection = :inbox AND hash = :hash AND status = 'processing' AND owner = :owner
  AND attempts = :attempts`;

/** Parameters of {@link IS_HELD}. */
function fenceParameters(inbox: number, { id, owner, attempts }: QueryClaim) {
  return { inbox, hash: keyOf(id), owner, attempts };
}

/** Returns false if the claim has lost its lease. */
export function renewQuery(
  { prepare, id: inbox }: OpenCollection,
  claim: QueryClaim,
  until: number,
): boolean {
  const { changes } = prepare(`UPDATE queries SET free_at = :until WHERE ${IS_HELD}`)
    .run({ ...fenceParameters(inbox, claim), until });
  return Number(changes) === 1;
}

/** Writes nothing if the claim has lost its lease. */
export function giveBackQuery(
  { prepare, id: inbox }: OpenCollection,
  claim: QueryClaim,
  { reason, notBefore }: { reason: string; notBefore: number },
): void {
  prepare(
    `UPDATE queries
     SET owner = NULL, free_at = :notBefore, reason = :reason, reason_attempt = attempts
     WHERE ${IS_HELD}`,
  ).run({ ...fenceParameters(inbox, claim), notBefore, reason: quote(reason) });
}

/** Returns the finished query; undefined, and writes nothing, if the claim has lost its lease. */
export function finishQuery(
  inbox: OpenCollection,
  claim: QueryClaim,
  outcome: QueryOutcome,
): TahoeObject | undefined {
  const { changes } = inbox.prepare(
    `UPDATE queries SET status = :status, owner = NULL, reason = NULL, reason_attempt = NULL
     WHERE ${IS_HELD}`,
  ).run({ ...fenceParameters(inbox.id, claim), status: outcome.status });
  if (Number(changes) === 0) return undefined;
  return changeQuery(inbox, keyOf(claim.id), outcomeAttributes(outcome));
}
