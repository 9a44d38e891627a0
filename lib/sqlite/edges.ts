import { chunks } from "../chunks.ts";
import type { EdgeFollower, EdgeSource, FollowOptions } from "../graph/edge_follower.ts";
import { type EdgeEvent, type Edges, type InstanceName, MAX_NAMED_BYTES } from "../graph/edges.ts";
import type { Hash, Instance } from "../tahoe/instance.ts";
import { Damaged } from "../tahoe/instances.ts";
import { writeJson } from "../tahoe/json.ts";
import type { Fields } from "../tahoe/value.ts";
import { Collection, type CollectionName } from "./collection.ts";
import { readEdgeEvents } from "./edge_events.ts";
import { SqliteEdgeFollower } from "./edge_follower.ts";
import { itypeName, ITYPES } from "./itypes.ts";
import { countColumn } from "./json_column.ts";
import { hashOf, hasKey, keyList, orgidList } from "./key.ts";
import { SET_BITS } from "./links.ts";
import { nextId } from "./next_id.ts";
import { documentColumns, DocumentReader } from "./read_documents.ts";
import type { Connection, Row } from "./sqlite.ts";

/** Hashes in one task: all other tasks wait for its end. */
const HASHES_AT_ONCE = 1000;

const ORGANISATIONS = `
  SELECT id FROM organisations WHERE orgid IN (SELECT value FROM json_each(:orgids))`;

const FOUND = `
  FROM json_each(:hashes) CROSS JOIN instances AS found
    ON found.collection = :collection AND ${hasKey("unhex(value)", "found")}`;

const HOLDERS = `
  SELECT DISTINCT event.hash AS hash ${FOUND}
    CROSS JOIN links ON links.child = found.id AND links.itype = ${ITYPES.event}
      AND sets & ${SET_BITS._ref} AND links.organisation IN (${ORGANISATIONS})
    CROSS JOIN instances AS event ON event.id = links.parent`;

const EVENTS = `SELECT ${documentColumns("found")} ${FOUND} WHERE itype = ${ITYPES.event}`;

const VISIBLE_EVENTS = `${EVENTS} AND organisation IN (${ORGANISATIONS})`;

const OBJECTS = `SELECT found.hash AS hash ${FOUND} WHERE itype = ${ITYPES.object}`;

const STORED = `
  SELECT ${countColumn("itype")} AS itype, ${
  documentColumns("found")
} ${FOUND} WHERE itype IS NOT NULL`;

/** Rows that are looked at to estimate what all rows are. */
const SAMPLES = 1000;

// One row of each step. Rows follow each other as uploads make them, so always to take the first would
// find events only: the multiples of the golden ratio lie evenly between whole numbers.
const SAMPLED = `
  WITH RECURSIVE
    sample (n, ratio) AS (
      SELECT 0, 0.5 UNION ALL
      SELECT n + 1, ratio + 0.6180339887 - (ratio >= 0.3819660113) FROM sample
      WHERE (n + 1) * :step < :last
    )
  SELECT count(*) AS count FROM sample
    CROSS JOIN instances ON instances.id = 1 + n * :step + CAST(ratio * :step AS INTEGER)
  WHERE +collection = :collection AND itype IN (${ITYPES.event}, ${ITYPES.object})`;

/** A collection of instances for ThreatRank. */
export class SqliteEdges implements Edges, EdgeSource {
  readonly reportsChanges = true;
  readonly #collection: Collection;

  constructor(connection: Connection, name: CollectionName) {
    this.#collection = new Collection(connection, name);
  }

  async event(hash: Hash, orgids: readonly string[]): Promise<EdgeEvent | undefined> {
    const [event] = await this.#events(VISIBLE_EVENTS, [hash], orgids);
    return event;
  }

  async *holders(
    attributes: readonly Hash[],
    orgids: readonly string[],
    known: { has(event: Hash): boolean },
  ): AsyncIterable<readonly EdgeEvent[]> {
    for await (const chunk of chunks(attributes, HASHES_AT_ONCE)) {
      // The links alone give the hashes. Most of the documents are known: earlier attributes had
      // the same holders.
      const unknown = (await this.#hashes(HOLDERS, chunk, orgids))
        .filter((hash) => !known.has(hash));
      for await (const hashes of chunks(unknown, HASHES_AT_ONCE)) {
        yield await this.#events(EVENTS, hashes);
      }
    }
  }

  async objectsAmong(hashes: readonly Hash[]): Promise<readonly Hash[]> {
    const found: Hash[] = [];
    for await (const chunk of chunks(hashes, HASHES_AT_ONCE)) {
      found.push(...await this.#hashes(OBJECTS, chunk));
    }
    return found;
  }

  names(hashes: readonly Hash[]): Promise<ReadonlyMap<Hash, InstanceName>> {
    return this.#collection.read(({ prepare, id }) => {
      const rows = prepare(STORED).all({ collection: id, ...toLists(hashes, undefined) });
      const instances = new DocumentReader(prepare).readEach(rows);
      return new Map(instances.map((instance, i) => toInstanceName(instance, rows[i]!)));
    });
  }

  follow({ numberOf }: FollowOptions): EdgeFollower {
    return new SqliteEdgeFollower(this.#collection, numberOf);
  }

  estimateSize(): Promise<number> {
    return this.#collection.read(({ prepare, id }) => {
      const last = Number(prepare(`SELECT ${nextId("instances")} - 1 AS last`).get()!["last"]);
      const step = Math.ceil(last / SAMPLES) || 1;
      return step * Number(prepare(SAMPLED).get({ collection: id, last, step })!["count"]);
    });
  }

  #events(sql: string, hashes: readonly Hash[], orgids?: readonly string[]): Promise<EdgeEvent[]> {
    return this.#collection.read(({ prepare, id }) =>
      readEdgeEvents(prepare, prepare(sql).all({ collection: id, ...toLists(hashes, orgids) }))
        .map(({ event }) => event)
    );
  }

  #hashes(sql: string, hashes: readonly Hash[], orgids?: readonly string[]): Promise<Hash[]> {
    return this.#collection.read(({ prepare, id }) =>
      prepare(sql).all({ collection: id, ...toLists(hashes, orgids) })
        .map(({ hash }) => hashOf(hash as Uint8Array))
    );
  }
}

function toLists(hashes: readonly Hash[], orgids: readonly string[] | undefined) {
  return {
    hashes: keyList([...new Set(hashes)]),
    ...(orgids !== undefined && { orgids: orgidList(orgids) }),
  };
}

function toInstanceName(instance: Instance | Damaged, { itype }: Row): [Hash, InstanceName] {
  if (instance instanceof Damaged) return [instance.hash, { label: `?=${itypeName(itype)}` }];
  const label = `${instance.sub_type}=${instance.itype}`;
  if (instance.itype !== "attribute") return [instance._hash, { label }];
  const size = writeJson(instance as unknown as Fields).length;
  return [instance._hash, { label, ...(size <= MAX_NAMED_BYTES && { data: instance.data }) }];
}
