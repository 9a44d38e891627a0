import { Buffer } from "node:buffer";
import type { EventFilter, Graph, HolderFilter, TimeSpan } from "../graph/graph.ts";
import { Histogram } from "../graph/histogram.ts";
import type { Sightings } from "../graph/sightings.ts";
import type { Event, Hash, Instance } from "../tahoe/instance.ts";
import { checkedInstance } from "../tahoe/instance_fault.ts";
import { Collection, type CollectionName } from "./collection.ts";
import { toInstance } from "./documents.ts";
import { jsonColumn } from "./json_column.ts";
import { SqliteInstances } from "./instances.ts";
import { keyList, keyOf, orgidList } from "./key.ts";
import { SET_BITS } from "./links.ts";
import { readSightings } from "./sightings.ts";
import type { Connection } from "./sqlite.ts";

/** Links to the holders that a filter selects; all columns but the last two are in the key. */
const holding = (isChild: string) => `
  FROM links WHERE collection = :collection AND child ${isChild} AND itype = 'event'
    AND timestamp BETWEEN :start AND :end
    AND (sets & :mask) = :sets AND (:category = 'all' OR category = :category)`;

const OF_ONE = holding("= :child");
const OF_ANY = holding("IN (SELECT unhex(value) FROM json_each(:children))");

const ORGANISATIONS = `
  SELECT id FROM organisations WHERE orgid IN (SELECT value FROM json_each(:orgids))`;

const VISIBLE_ORGANISATION = `AND organisation IN (${ORGANISATIONS})`;

// An event that holds several of the children has several links, and counts once.
const COUNT = {
  ofOne: `SELECT count(*) AS count ${OF_ONE} ${VISIBLE_ORGANISATION}`,
  ofAny: `SELECT count(DISTINCT parent) AS count ${OF_ANY} ${VISIBLE_ORGANISATION}`,
};

const TIME_SPAN = `
  SELECT min(timestamp) AS first, max(timestamp) AS last ${OF_ANY} ${VISIBLE_ORGANISATION}`;

const TIMES = `
  SELECT timestamp AS time, count(DISTINCT parent) AS events
  ${OF_ANY} ${VISIBLE_ORGANISATION} GROUP BY timestamp`;

// One organisation at a time, because only then the key gives the rows in this order.
const NEWEST = `
  SELECT timestamp, parent ${OF_ONE} AND organisation = :organisation
  ORDER BY timestamp DESC, parent LIMIT :limit`;

const DOCUMENT = `(${jsonColumn("document")})`;

// The + keeps SQLite from scanning the index of all events.
const VISIBLE = `
  FROM instances WHERE collection = :collection AND +itype = 'event'
    AND hash IN (SELECT unhex(value) FROM json_each(:hashes))
    AND ${DOCUMENT} -> '$.orgid' IN (SELECT value FROM json_each(:orgids))`;

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
      const orgids = orgidList(filter.orgids);
      const [child] = held.hashes;
      const row = held.hashes.length === 1
        ? prepare(COUNT.ofOne).get({ ...holders, orgids, child: keyOf(child!) })
        : prepare(COUNT.ofAny).get({ ...holders, orgids, children: keyList(held.hashes) });
      return Number(row!["count"]);
    });
  }

  timeSpan(held: HolderFilter, filter: EventFilter): Promise<TimeSpan | undefined> {
    return this.#collection.read(({ prepare, id }) => {
      const row = prepare(TIME_SPAN).get({ collection: id, ...anyHolder(held, filter) })!;
      const { first, last } = row;
      return first === null ? undefined : { first: Number(first), last: Number(last) };
    });
  }

  countByTime(
    held: HolderFilter,
    filter: EventFilter,
    bounds: readonly number[],
  ): Promise<number[]> {
    return this.#collection.read(({ prepare, id }) => {
      const histogram = new Histogram(bounds);
      const rows = prepare(TIMES).all({ collection: id, ...anyHolder(held, filter) });
      for (const row of rows) histogram.add(Number(row["time"]), Number(row["events"]));
      return histogram.counts;
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
          held.hashes.flatMap((child) =>
            prepare(NEWEST).all({
              ...holders,
              organisation: row["id"]!,
              child: keyOf(child),
            }) as HolderRow[]
          )
        );
      const document = prepare(
        "SELECT document FROM instances WHERE collection = ? AND hash = ?",
      );
      return links.toSorted(newestFirst).filter(isFirstOfParent).slice(skip, skip + limit)
        .map(({ parent }) => {
          const row = document.get(id, parent) ?? { document: null };
          return checkedInstance(toInstance({ ...row, hash: parent }) as Event);
        });
    });
  }

  sightings(groups: readonly (readonly Hash[])[], filter: EventFilter): Promise<Sightings[]> {
    return this.#collection.read((collection) => readSightings(collection, groups, filter));
  }

  async events(hashes: readonly Hash[], filter: EventFilter): Promise<Event[]> {
    const events = await this.#collection.read(({ prepare, id }) =>
      prepare(`SELECT hash, document ${VISIBLE}`)
        .all({ collection: id, hashes: keyList(hashes), orgids: orgidList(filter.orgids) })
        .map((row) => checkedInstance(toInstance(row) as Event))
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

  async get(hashes: readonly Hash[]): Promise<Instance[]> {
    return (await this.#instances.get(hashes)).map(checkedInstance);
  }
}

/** A row of {@link NEWEST}. */
type HolderRow = { readonly timestamp: number; readonly parent: Uint8Array };

function newestFirst(a: HolderRow, b: HolderRow): number {
  return b.timestamp - a.timestamp || Buffer.compare(a.parent, b.parent);
}

/** Whether a row is the first of its parent, whose rows follow each other. */
function isFirstOfParent({ parent }: HolderRow, index: number, rows: readonly HolderRow[]) {
  return index === 0 || Buffer.compare(rows[index - 1]!.parent, parent) !== 0;
}

/** The bits of `links.sets` that a context tests, and what they must be. */
const CONTEXTS = {
  all: { mask: SET_BITS._ref, sets: SET_BITS._ref },
  benign: { mask: SET_BITS._ref | SET_BITS._ben_ref, sets: SET_BITS._ref | SET_BITS._ben_ref },
  malicious: { mask: SET_BITS._ref | SET_BITS._mal_ref, sets: SET_BITS._ref | SET_BITS._mal_ref },
  unknown: { mask: SET_BITS._ref | SET_BITS._ben_ref | SET_BITS._mal_ref, sets: SET_BITS._ref },
} as const;

/** Parameters of {@link holding}, but for the children. */
function holderParameters({ context }: HolderFilter, filter: EventFilter) {
  const { category } = filter;
  return { ...CONTEXTS[context], ...finiteBounds(filter), category };
}

/** Parameters of {@link OF_ANY} and {@link VISIBLE_ORGANISATION}. */
function anyHolder(held: HolderFilter, filter: EventFilter) {
  return {
    ...holderParameters(held, filter),
    children: keyList(held.hashes),
    orgids: orgidList(filter.orgids),
  };
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
