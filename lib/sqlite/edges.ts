import { type EdgeEvent, type Edges, type InstanceName, MAX_NAMED } from "../graph/edges.ts";
import { chunks } from "../chunks.ts";
import type { Attribute, Category, Hash } from "../tahoe/instance.ts";
import { parseJson } from "../tahoe/json.ts";
import { Collection, type CollectionName } from "./collection.ts";
import { keyList, orgidList } from "./key.ts";
import { SETS } from "./links.ts";
import type { Jobs } from "./sqlite.ts";

/** Hashes that one job asks for: all other work waits for its end. */
const HASHES_AT_ONCE = 1000;

const HOLDERS = `
  SELECT DISTINCT lower(hex(parent)) AS hash FROM links
  WHERE collection = :collection AND child IN (SELECT unhex(value) FROM json_each(:hashes))
    AND itype = 'event' AND sets & ${SETS._ref} AND organisation IN
      (SELECT id FROM organisations WHERE orgid IN (SELECT value FROM json_each(:orgids)))`;

// The + keeps SQLite from going through the index of all events.
const EVENTS = `
  SELECT json_extract(document, '$._hash', '$.timestamp', '$.category', '$._ref') AS event
  FROM instances WHERE collection = :collection AND +itype = 'event'
    AND hash IN (SELECT unhex(value) FROM json_each(:hashes))`;

const SEEN = `${EVENTS}
    AND document -> '$.orgid' IN (SELECT value FROM json_each(:orgids))`;

const OBJECTS = `
  SELECT lower(hex(hash)) AS hash FROM instances
  WHERE collection = :collection AND +itype = 'object'
    AND hash IN (SELECT unhex(value) FROM json_each(:hashes))`;

const NAMES = `
  SELECT lower(hex(hash)) AS hash, document ->> '$.sub_type' || '=' || itype AS label,
    CASE WHEN itype = 'attribute' AND octet_length(document) <= ${MAX_NAMED}
      THEN document END AS attribute
  FROM instances WHERE collection = :collection
    AND hash IN (SELECT unhex(value) FROM json_each(:hashes))`;

/** A collection of instances as ThreatRank walks it; of the documents only what it needs is read. */
export class SqliteEdges implements Edges {
  readonly #collection: Collection;

  constructor(jobs: Jobs, place: CollectionName) {
    this.#collection = new Collection(jobs, place);
  }

  async event(hash: Hash, orgids: readonly string[]): Promise<EdgeEvent | undefined> {
    const [event] = toEdgeEvents(await this.#rows(SEEN, [hash], orgids));
    return event;
  }

  async *holders(
    attributes: readonly Hash[],
    orgids: readonly string[],
    known: { has(event: Hash): boolean },
  ): AsyncIterable<readonly EdgeEvent[]> {
    for await (const some of chunks(attributes, HASHES_AT_ONCE)) {
      // The links say who holds them; most documents were read before, for other attributes.
      const unknown = hashesOf(await this.#rows(HOLDERS, some, orgids))
        .filter((hash) => !known.has(hash));
      for await (const hashes of chunks(unknown, HASHES_AT_ONCE)) {
        yield toEdgeEvents(await this.#rows(EVENTS, hashes));
      }
    }
  }

  async objects(hashes: readonly Hash[]): Promise<readonly Hash[]> {
    const found: Hash[] = [];
    for await (const some of chunks(hashes, HASHES_AT_ONCE)) {
      found.push(...hashesOf(await this.#rows(OBJECTS, some)));
    }
    return found;
  }

  async names(hashes: readonly Hash[]): Promise<ReadonlyMap<Hash, InstanceName>> {
    const rows = await this.#rows(NAMES, hashes);
    return new Map(rows.map((row) => [String(row["hash"]), nameOf(row)]));
  }

  #rows(sql: string, hashes: readonly Hash[], orgids?: readonly string[]): Promise<Row[]> {
    const asked = {
      hashes: keyList(hashes),
      ...orgids !== undefined && { orgids: orgidList(orgids) },
    };
    return this.#collection.read((prepare, collection) =>
      prepare(sql).all({ collection, ...asked })
    );
  }
}

type Row = { readonly [column: string]: unknown };

function nameOf({ label, attribute }: Row): InstanceName {
  if (attribute === null) return { label: String(label) };
  const { data } = parseJson(String(attribute)) as unknown as Attribute;
  return { label: String(label), data };
}

function hashesOf(rows: readonly Row[]): Hash[] {
  return rows.map(({ hash }) => String(hash));
}

/** Those at finite times: SQLite gives NaN as null, and what is infinite as a number too large. */
function toEdgeEvents(rows: readonly Row[]): EdgeEvent[] {
  const events = rows.map((row): [Hash, number | null, Category, Hash[]] =>
    JSON.parse(String(row["event"]))
  );
  return events.flatMap(([hash, timestamp, category, references]) =>
    timestamp !== null && Number.isFinite(timestamp)
      ? [{ hash, timestamp, category, references }]
      : []
  );
}
