import { Buffer } from "node:buffer";
import type {
  AddedTime,
  EventFilter,
  Graph,
  HolderFilter,
  LatestEvents,
  LatestRange,
  Serial,
  StoredEvent,
  StoredRange,
  TimeSpan,
} from "../graph/graph.ts";
import { Histogram } from "../graph/histogram.ts";
import type { Sightings } from "../graph/sightings.ts";
import type { Event, Hash, Instance } from "../tahoe/instance.ts";
import { checkedInstance } from "../tahoe/instance_fault.ts";
import type { Damaged } from "../tahoe/instances.ts";
import { addedTime, firstAdded, idAt, lastNoted, noteAdded } from "./additions.ts";
import { Collection, type CollectionName, type OpenCollection } from "./collection.ts";
import { findIds } from "./instance_keys.ts";
import { SqliteInstances } from "./instances.ts";
import { ITYPES } from "./itypes.ts";
import { MAX_INTEGER } from "./json_column.ts";
import { hashOf, hasKey, keyList, orgidList } from "./key.ts";
import { readLatestEvents } from "./latest_events.ts";
import { CATEGORY, categoryNumber, SET_BITS } from "./links.ts";
import { DOCUMENT_COLUMNS, DocumentReader, readByIds } from "./read_documents.ts";
import { readSightings } from "./sightings.ts";
import { fromSerial, toSerial } from "./serial.ts";
import type { Connection } from "./sqlite.ts";

/** Links to the holders that a filter selects; all columns but the last one are in the key. */
const holding = (isChild: string) => `
  FROM links WHERE child ${isChild} AND links.itype = ${ITYPES.event}
    AND timestamp BETWEEN :start AND :end
    AND (sets & :mask) = :sets AND (:category IS NULL OR ${CATEGORY} = :category)`;

const OF_ONE = holding("= :child");
const OF_ANY = holding("IN (SELECT value FROM json_each(:children))");

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

// One organisation at a time, because only then the key gives the rows in the order of time. Those
// of one moment are sorted by hash; the join is a CROSS one so that SQLite starts with the links.
const NEWEST = `
  SELECT timestamp, parent, hash
  ${OF_ONE.replace("FROM links", "FROM links CROSS JOIN instances ON instances.id = links.parent")}
    AND links.organisation = :organisation
  ORDER BY timestamp DESC, hash LIMIT :limit`;

const HELD_BETWEEN = `
  SELECT 1 ${OF_ANY} ${VISIBLE_ORGANISATION} AND parent > :after AND parent <= :until LIMIT 1`;

const VISIBLE = `
  FROM json_each(:hashes) CROSS JOIN instances
    ON collection = :collection AND ${hasKey("unhex(value)")} AND itype = ${ITYPES.event}
    AND organisation IN (${ORGANISATIONS})`;

const SESSIONS = `
  SELECT DISTINCT session.hash AS hash FROM json_each(:events)
    CROSS JOIN instances AS event ON event.collection = :collection
      AND ${hasKey("unhex(value)", "event")}
    CROSS JOIN links ON links.child = event.id AND links.itype = ${ITYPES.session} AND sets & ${SET_BITS._ref}
    CROSS JOIN instances AS session ON session.id = links.parent`;

/** Rows of which one task reads the events: a few milliseconds, for which all other tasks wait. */
const ROWS_AT_ONCE = 2000;

// Ids grow: what is stored comes last. The + keeps SQLite from using the index of hashes.
const STORED = `
  SELECT ${DOCUMENT_COLUMNS} FROM instances
  WHERE +collection = :collection AND +itype = ${ITYPES.event}
    AND +organisation IN (${ORGANISATIONS}) AND id > :after AND id <= :until
  ORDER BY id LIMIT :limit`;

const LAST_ID = `SELECT max(id) AS last FROM instances WHERE id <= ${MAX_INTEGER}`;

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
    return this.#collection.read((collection) => {
      const { prepare } = collection;
      const holders = { ...holderParameters(held, filter), orgids: orgidList(filter.orgids) };
      const [child, ...more] = findIds(collection, held.hashes);
      if (child === undefined) return 0;
      const row = more.length === 0
        ? prepare(COUNT.ofOne).get({ ...holders, child })
        : prepare(COUNT.ofAny).get({ ...holders, children: JSON.stringify([child, ...more]) });
      return Number(row!["count"]);
    });
  }

  timeSpan(held: HolderFilter, filter: EventFilter): Promise<TimeSpan | undefined> {
    return this.#collection.read((collection) => {
      const row = collection.prepare(TIME_SPAN).get(anyHolder(collection, held, filter))!;
      const { first, last } = row;
      return first === null ? undefined : { first: Number(first), last: Number(last) };
    });
  }

  countByTime(
    held: HolderFilter,
    filter: EventFilter,
    bounds: readonly number[],
  ): Promise<number[]> {
    return this.#collection.read((collection) => {
      const histogram = new Histogram(bounds);
      const rows = collection.prepare(TIMES).all(anyHolder(collection, held, filter));
      for (const row of rows) histogram.add(Number(row["time"]), Number(row["events"]));
      return histogram.counts;
    });
  }

  holders(
    held: HolderFilter,
    filter: EventFilter,
    { skip, limit }: { readonly skip: number; readonly limit: number },
  ): Promise<Event[]> {
    return this.#collection.read((collection) => {
      const { prepare } = collection;
      const holders = { ...holderParameters(held, filter), limit: skip + limit };
      const children = findIds(collection, held.hashes);
      const links = prepare(ORGANISATIONS).all({ orgids: orgidList(filter.orgids) })
        .flatMap(({ id }) =>
          children.flatMap((child) =>
            prepare(NEWEST).all({ ...holders, organisation: id!, child }) as HolderRow[]
          )
        );
      const page = links.toSorted(newestFirst).filter(isFirstOfParent).slice(skip, skip + limit);
      return readByIds(prepare, page.map(({ parent }) => parent)).map(checkedInstance) as Event[];
    });
  }

  sightings(groups: readonly (readonly Hash[])[], filter: EventFilter): Promise<Sightings[]> {
    return this.#collection.read((collection) => readSightings(collection, groups, filter));
  }

  async events(hashes: readonly Hash[], filter: EventFilter): Promise<Event[]> {
    const events = await this.#collection.read(({ prepare, id }) => {
      const rows = prepare(`SELECT ${DOCUMENT_COLUMNS} ${VISIBLE}`)
        .all({
          collection: id,
          hashes: keyList([...new Set(hashes)]),
          orgids: orgidList(filter.orgids),
        });
      return new DocumentReader(prepare).read(rows).map(checkedInstance) as Event[];
    });
    return events.filter((event) => matches(event, filter));
  }

  visibleEvents(hashes: readonly Hash[], orgids: readonly string[]): Promise<Hash[]> {
    return this.#collection.read(({ prepare, id }) =>
      prepare(`SELECT instances.hash AS hash ${VISIBLE}`)
        .all({ collection: id, hashes: keyList([...new Set(hashes)]), orgids: orgidList(orgids) })
        .map((row) => hashOf(row["hash"] as Uint8Array))
    );
  }

  sessionsOf(events: readonly Hash[]): Promise<Hash[]> {
    return this.#collection.read(({ prepare, id }) =>
      prepare(SESSIONS).all({ collection: id, events: keyList(events) })
        .map((row) => hashOf(row["hash"] as Uint8Array))
    );
  }

  async eventsBetween(
    orgids: readonly string[],
    { after, until, limit }: StoredRange,
  ): Promise<StoredEvent[]> {
    const found: StoredEvent[] = [];
    const last = fromSerial(until ?? await this.#lastSerial());
    for (let from = fromSerial(after); from < last && found.length < limit; from += ROWS_AT_ONCE) {
      const range = { after: from, until: Math.min(last, from + ROWS_AT_ONCE) };
      found.push(...await this.#readStored(orgids, { ...range, limit: limit - found.length }));
    }
    return found;
  }

  isHeldBetween(
    held: HolderFilter,
    filter: EventFilter,
    { after, until }: { readonly after: Serial; readonly until: Serial },
  ): Promise<boolean> {
    return this.#collection.read((collection) => {
      const range = { after: fromSerial(after), until: fromSerial(until) };
      const parameters = { ...anyHolder(collection, held, filter), ...range };
      return collection.prepare(HELD_BETWEEN).get(parameters) !== undefined;
    });
  }

  #readStored(
    orgids: readonly string[],
    range: { readonly after: number; readonly until: number; readonly limit: number },
  ): Promise<StoredEvent[]> {
    return this.#collection.read((collection) => {
      const { prepare, id } = collection;
      const rows = prepare(STORED).all({ collection: id, orgids: orgidList(orgids), ...range });
      const events = new DocumentReader(prepare).readEach(rows) as (Event | Damaged)[];
      return events.map((event, index) => {
        const id = Number(rows[index]!["id"]);
        return { event, serial: toSerial(id), added: addedTime(collection, id) };
      });
    });
  }

  latestEvents(filter: EventFilter, range: LatestRange): Promise<LatestEvents> {
    return this.#collection.read((collection) =>
      readLatestEvents(collection, { ...filter, ...finiteBounds(filter) }, range)
    );
  }

  async noteAdded(now: AddedTime): Promise<Serial> {
    // Nothing is written for those who only look.
    const noted = await this.#collection.read(lastNoted) ??
      await this.#collection.write((collection) => noteAdded(collection, now));
    return toSerial(noted);
  }

  serialAt(time: AddedTime): Promise<Serial> {
    return this.#collection.read((collection) => toSerial(idAt(collection, time)));
  }

  firstAdded(): Promise<AddedTime | undefined> {
    return this.#collection.read(firstAdded);
  }

  #lastSerial(): Promise<Serial> {
    return this.#collection.read(({ prepare }) => toSerial(prepare(LAST_ID).get()!["last"] ?? 0));
  }

  isEmpty(): Promise<boolean> {
    return this.#collection.read(({ prepare, id }) =>
      prepare("SELECT 1 FROM instances WHERE collection = ? LIMIT 1").get(id) === undefined
    );
  }

  async get(hashes: readonly Hash[]): Promise<Instance[]> {
    return (await this.#instances.get(hashes)).map(checkedInstance);
  }
}

/** A row of {@link NEWEST}. */
type HolderRow = {
  readonly timestamp: number;
  readonly parent: number;
  readonly hash: Uint8Array;
};

function newestFirst(a: HolderRow, b: HolderRow): number {
  return b.timestamp - a.timestamp || Buffer.compare(a.hash, b.hash);
}

/** Whether a row is the first of its parent, whose rows follow each other. */
function isFirstOfParent({ parent }: HolderRow, index: number, rows: readonly HolderRow[]) {
  return rows[index - 1]?.parent !== parent;
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
  const category = filter.category === "all" ? null : categoryNumber(filter.category);
  return { ...CONTEXTS[context], ...finiteBounds(filter), category };
}

/** Parameters of {@link OF_ANY} and {@link VISIBLE_ORGANISATION}. */
function anyHolder(collection: OpenCollection, held: HolderFilter, filter: EventFilter) {
  return {
    ...holderParameters(held, filter),
    children: JSON.stringify(findIds(collection, held.hashes)),
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
