import type { AddedTime } from "../graph/graph.ts";
import type { OpenCollection } from "./collection.ts";
import { countColumn } from "./json_column.ts";
import { nextId } from "./next_id.ts";
import type { Row } from "./sqlite.ts";

/** Rows that were added together: ids above that of the addition before, up to `lastId`. */
type Addition = { readonly firstId: number; readonly lastId: number; readonly time: AddedTime };

const LAST_ID = `SELECT ${nextId("instances")} - 1 AS last`;

/** Additions with a condition; what is damaged in one of them is null. */
const additions = (condition: string, order: "ASC" | "DESC") => `
  SELECT ${countColumn("last_id")} AS lastId, ${countColumn("time")} AS time,
    coalesce((
      SELECT ${countColumn("before.last_id")} FROM additions AS before
      WHERE before.collection = additions.collection AND before.last_id < additions.last_id
      ORDER BY before.last_id DESC LIMIT 1), 0) + 1 AS firstId
  FROM additions WHERE collection = :collection AND ${condition} ORDER BY last_id ${order} LIMIT 1`;

const FIRST = additions("true", "ASC");
const LAST = additions("true", "DESC");
const OF_ID = additions("last_id >= :id", "ASC");
const BY_TIME = additions("time <= :time", "DESC");

const ADD = `
  INSERT INTO additions (collection, last_id, time) VALUES (:collection, :lastId, :time)
  ON CONFLICT DO NOTHING`;

/** The last id, if it is noted when all rows were added; else undefined. */
export function lastNoted(collection: OpenCollection): number | undefined {
  const noted = find(collection, LAST)?.lastId ?? 0;
  return lastId(collection) > noted ? undefined : noted;
}

/** Notes that everything was added by `now`, but what is noted already; returns the last id. */
export function noteAdded(collection: OpenCollection, now: AddedTime): number {
  const last = find(collection, LAST);
  const id = lastId(collection);
  if (id <= (last?.lastId ?? 0)) return last?.lastId ?? 0;
  // Each row has a time of its own, so that "after" one of them means "after its row".
  const time = Math.max(now, last === undefined ? 0 : timeOf(last, last.lastId) + 1);
  collection.prepare(ADD).run({ collection: collection.id, lastId: id, time });
  return id;
}

/** When a row was added; what is not noted yet counts as added with the last that is. */
export function addedTime(collection: OpenCollection, id: number): AddedTime {
  const addition = find(collection, OF_ID, { id }) ?? find(collection, LAST);
  return addition === undefined ? 0 : timeOf(addition, id);
}

/** The id after which every row was added later than a moment. */
export function idAt(collection: OpenCollection, time: AddedTime): number {
  const addition = find(collection, BY_TIME, { time });
  if (addition === undefined) return 0;
  return Math.min(addition.lastId, addition.firstId + (time - addition.time));
}

/** When the first row was added; undefined if nobody has noted any. */
export function firstAdded(collection: OpenCollection): AddedTime | undefined {
  return find(collection, FIRST)?.time;
}

function timeOf({ firstId, time }: Addition, id: number): AddedTime {
  return time + Math.max(0, id - firstId);
}

function lastId({ prepare }: OpenCollection): number {
  return Number(prepare(LAST_ID).get()!["last"]);
}

function find(
  { prepare, id }: OpenCollection,
  sql: string,
  parameters: { readonly [name: string]: number } = {},
): Addition | undefined {
  const row = prepare(sql).get({ collection: id, ...parameters }) as Row | undefined;
  const isSound = row !== undefined && row["lastId"] !== null && row["time"] !== null;
  return isSound ? row as Addition : undefined;
}
