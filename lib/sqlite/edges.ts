import { chunks } from "../chunks.ts";
import { checkedEdgeEvent } from "../graph/edge_event.ts";
import type { EdgeFollower, EdgeSource } from "../graph/edge_follower.ts";
import { type EdgeEvent, type Edges, type InstanceName, MAX_NAMED_BYTES } from "../graph/edges.ts";
import { Fault } from "../tahoe/fault.ts";
import type { Hash } from "../tahoe/instance.ts";
import { isFields, isScalar } from "../tahoe/value.ts";
import { Collection, type CollectionName } from "./collection.ts";
import { jsonColumn, readJsonColumn } from "./json_column.ts";
import { SqliteEdgeFollower } from "./edge_follower.ts";
import { keyList, orgidList } from "./key.ts";
import { SET_BITS } from "./links.ts";
import type { Connection, Row } from "./sqlite.ts";

/** Hashes in one task: all other tasks wait for its end. */
const HASHES_AT_ONCE = 1000;

const HOLDERS = `
  SELECT DISTINCT lower(hex(parent)) AS hash FROM links
  WHERE collection = :collection AND child IN (SELECT unhex(value) FROM json_each(:hashes))
    AND itype = 'event' AND sets & ${SET_BITS._ref} AND organisation IN
      (SELECT id FROM organisations WHERE orgid IN (SELECT value FROM json_each(:orgids)))`;

const DOCUMENT = `(${jsonColumn("document")})`;

// The + keeps SQLite from scanning the index of all events.
const EVENTS = `
  SELECT lower(hex(hash)) AS hash,
    json_extract(${DOCUMENT}, '$._hash', '$.timestamp', '$.category', '$._ref') AS event
  FROM instances WHERE collection = :collection AND +itype = 'event'
    AND hash IN (SELECT unhex(value) FROM json_each(:hashes))`;

const VISIBLE_EVENTS = `${EVENTS}
    AND ${DOCUMENT} -> '$.orgid' IN (SELECT value FROM json_each(:orgids))`;

const OBJECTS = `
  SELECT lower(hex(hash)) AS hash FROM instances
  WHERE collection = :collection AND +itype = 'object'
    AND hash IN (SELECT unhex(value) FROM json_each(:hashes))`;

const NAMES = `
  SELECT lower(hex(hash)) AS hash, coalesce(${DOCUMENT} ->> '$.sub_type', '?') || '=' || itype AS label,
    CASE WHEN itype = 'attribute' AND octet_length(document) <= ${MAX_NAMED_BYTES}
      THEN document END AS attribute
  FROM instances WHERE collection = :collection
    AND hash IN (SELECT unhex(value) FROM json_each(:hashes))`;

const SIZE = `
  SELECT count(*) AS size FROM instances
  WHERE collection = :collection AND itype IN ('event', 'object')`;

/** A collection of instances for ThreatRank: reads only the fields that ThreatRank needs. */
export class SqliteEdges implements Edges, EdgeSource {
  readonly reportsChanges = true;
  readonly #collection: Collection;

  constructor(connection: Connection, name: CollectionName) {
    this.#collection = new Collection(connection, name);
  }

  async event(hash: Hash, orgids: readonly string[]): Promise<EdgeEvent | undefined> {
    const [event] = toEdgeEvents(await this.#select(VISIBLE_EVENTS, [hash], orgids));
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
      const unknown = toHashes(await this.#select(HOLDERS, chunk, orgids))
        .filter((hash) => !known.has(hash));
      for await (const hashes of chunks(unknown, HASHES_AT_ONCE)) {
        yield toEdgeEvents(await this.#select(EVENTS, hashes));
      }
    }
  }

  async objectsAmong(hashes: readonly Hash[]): Promise<readonly Hash[]> {
    const found: Hash[] = [];
    for await (const chunk of chunks(hashes, HASHES_AT_ONCE)) {
      found.push(...toHashes(await this.#select(OBJECTS, chunk)));
    }
    return found;
  }

  async names(hashes: readonly Hash[]): Promise<ReadonlyMap<Hash, InstanceName>> {
    const rows = await this.#select(NAMES, hashes);
    return new Map(rows.map((row) => [String(row["hash"]), toInstanceName(row)]));
  }

  follow(): EdgeFollower {
    return new SqliteEdgeFollower(this.#collection);
  }

  estimateSize(): Promise<number> {
    return this.#collection.read(({ prepare, id }) =>
      Number(prepare(SIZE).get({ collection: id })!["size"])
    );
  }

  #select(sql: string, hashes: readonly Hash[], orgids?: readonly string[]): Promise<Row[]> {
    const lists = {
      hashes: keyList(hashes),
      ...(orgids !== undefined && { orgids: orgidList(orgids) }),
    };
    return this.#collection.read(({ prepare, id }) =>
      prepare(sql).all({ collection: id, ...lists })
    );
  }
}

function toInstanceName({ label, attribute }: Row): InstanceName {
  if (attribute === null) return { label: String(label) };
  const document = readJsonColumn({ attribute }, "attribute");
  const data = !(document instanceof Fault) && isFields(document) ? document["data"] : undefined;
  return { label: String(label), ...(isScalar(data) && { data }) };
}

function toHashes(rows: readonly Row[]): Hash[] {
  return rows.map(({ hash }) => String(hash));
}

/**
 * The events at finite times. SQLite's JSON has null in place of NaN, and a number beyond the range
 * of doubles in place of an infinite time.
 */
function toEdgeEvents(rows: readonly Row[]): EdgeEvent[] {
  const events = rows.map((row) => {
    const [hash, timestamp, category, references]: unknown[] = JSON.parse(String(row["event"])) ??
      [row["hash"]];
    return { hash, timestamp, category, references };
  });
  return events.filter(({ timestamp }) => timestamp !== null && timestamp !== Infinity)
    .map(checkedEdgeEvent)
    .filter(({ timestamp }) => Number.isFinite(timestamp));
}
