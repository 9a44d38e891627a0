import { Buffer } from "node:buffer";
import type { EventFilter, Graph, HolderFilter } from "../graph/graph.ts";
import type { Event, Hash, Instance } from "../tahoe/instance.ts";
import { Collection, type CollectionName } from "./collection.ts";
import { toInstance } from "./documents.ts";
import { SqliteInstances } from "./instances.ts";
import { keyList, keyOf, orgidList } from "./key.ts";
import { SET_BITS } from "./links.ts";
import type { Connection } from "./sqlite.ts";

/** Links to the holders that a filter selects; all columns but the last two are in the key. */
const HOLDING = `
  FROM links WHERE collection = :collection AND child = :child AND itype = 'event'
    AND timestamp BETWEEN :start AND :end
    AND (sets & :mask) = :sets AND (:category = 'all' OR category = :category)`;

const ORGANISATIONS = `
  SELECT id FROM organisations WHERE orgid IN (SELECT value FROM json_each(:orgids))`;

const COUNT = `SELECT count(*) AS count ${HOLDING} AND organisation IN (${ORGANISATIONS})`;

// One organisation at a time, because only then the key gives the rows in this order.
const NEWEST = `
  SELECT timestamp, parent ${HOLDING} AND organisation = :organisation
  ORDER BY timestamp DESC, parent LIMIT :limit`;

// The + keeps SQLite from scanning the index of all events.
const VISIBLE = `
  FROM instances WHERE collection = :collection AND +itype = 'event'
    AND hash IN (SELECT unhex(value) FROM json_each(:hashes))
    AND document -> '$.orgid' IN (SELECT value FROM json_each(:orgids))`;

const SESSIONS = `
  SELECT DISTINCT lower(hex(parent)) AS hash FROM links
  WHERE collection = :collection AND child IN (SELECT unhex(value) FROM json_each(:events))
    AND itype = 'session' AND sets & ${SET_BITS._ref}`;

/**
 * A collection of instances for count and related. Counts and the order of pages come from the key
 * of `links`; documents are read only if they are asked for.
 */
export class SqliteGraph implements Graph {
  readonly #collection: Collection;
  readonly #instances: SqliteInstances;

  constructor(connection: Connection, name: CollectionName) {
    this.#collection = new Collection(connection, name);
    this.#instances = new SqliteInstances(connection, name);
  }

  countHolders(held: HolderFilter, filter: EventFilter): Promise<number> {
    return this.#collection.read(({ prepare, id }) => {
      const holders = { collection: id, ...holderParameters(held, filter) };
      const row = prepare(COUNT).get({ ...holders, orgids: orgidList(filter.orgids) });
      return Number(row!["count"]);
    });
  }

  holders(
    held: HolderFilter,
    filter: EventFilter,
    { skip, limit }: { readonly skip: number; readonly limit: number },
  ): Promise<Event[]> {
    return this.#collection.read(({ prepare, id }) => {
      const holders = {
        collection: id,
        ...holderParameters(held, filter),
        limit: skip + limit,
      };
      const links = prepare(ORGANISATIONS).all({ orgids: orgidList(filter.orgids) })
        .flatMap((row) =>
          prepare(NEWEST).all({ ...holders, organisation: row["id"]! }) as HolderRow[]
        );
      const document = prepare(
        "SELECT document FROM instances WHERE collection = ? AND hash = ?",
      );
      return links.toSorted(newestFirst).slice(skip, skip + limit)
        .map(({ parent }) => toInstance(document.get(id, parent)!) as Event);
    });
  }

  async events(hashes: readonly Hash[], filter: EventFilter): Promise<Event[]> {
    const events = await this.#collection.read(({ prepare, id }) =>
      prepare(`SELECT document ${VISIBLE}`)
        .all({ collection: id, hashes: keyList(hashes), orgids: orgidList(filter.orgids) })
        .map((row) => toInstance(row) as Event)
    );
    return events.filter((event) => matches(event, filter));
  }

  visibleEvents(hashes: readonly Hash[], orgids: readonly string[]): Promise<Hash[]> {
    return this.#collection.read(({ prepare, id }) =>
      prepare(`SELECT lower(hex(hash)) AS hash ${VISIBLE}`)
        .all({ collection: id, hashes: keyList(hashes), orgids: orgidList(orgids) })
        .map((row) => String(row["hash"]))
    );
  }

  sessionsOf(events: readonly Hash[]): Promise<Hash[]> {
    return this.#collection.read(({ prepare, id }) =>
      prepare(SESSIONS).all({ collection: id, events: keyList(events) })
        .map((row) => String(row["hash"]))
    );
  }

  get(hashes: readonly Hash[]): Promise<Instance[]> {
    return this.#instances.get(hashes);
  }
}

/** A row of {@link NEWEST}. */
type HolderRow = { readonly timestamp: number; readonly parent: Uint8Array };

function newestFirst(a: HolderRow, b: HolderRow): number {
  return b.timestamp - a.timestamp || Buffer.compare(a.parent, b.parent);
}

/** The bits of `links.sets` that a context tests, and what they must be. */
const CONTEXTS = {
  all: { mask: SET_BITS._ref, sets: SET_BITS._ref },
  benign: { mask: SET_BITS._ref | SET_BITS._ben_ref, sets: SET_BITS._ref | SET_BITS._ben_ref },
  malicious: { mask: SET_BITS._ref | SET_BITS._mal_ref, sets: SET_BITS._ref | SET_BITS._mal_ref },
  unknown: { mask: SET_BITS._ref | SET_BITS._ben_ref | SET_BITS._mal_ref, sets: SET_BITS._ref },
} as const;

/** Parameters of {@link HOLDING}. */
function holderParameters({ hash, context }: HolderFilter, filter: EventFilter) {
  const { category } = filter;
  return { child: keyOf(hash), ...CONTEXTS[context], ...finiteBounds(filter), category };
}

/** The bounds of a filter, which leave out times that are not finite. */
function finiteBounds({ start, end }: EventFilter): { start: number; end: number } {
  return { start: Math.max(start, -Number.MAX_VALUE), end: Math.min(end, Number.MAX_VALUE) };
}

function matches({ timestamp, category }: Event, filter: EventFilter): boolean {
  const { start, end } = finiteBounds(filter);
  return timestamp >= start && timestamp <= end &&
    (filter.category === "all" || category === filter.category);
}
