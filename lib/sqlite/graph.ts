import { Buffer } from "node:buffer";
import type { EventFilter, Graph, HolderFilter } from "../graph/graph.ts";
import type { Event, Hash, Instance } from "../tahoe/instance.ts";
import { Collection, type CollectionName } from "./collection.ts";
import { toInstance } from "./documents.ts";
import { SqliteInstances } from "./instances.ts";
import { keyList, keyOf, orgidList } from "./key.ts";
import { SETS } from "./links.ts";
import type { Jobs } from "./sqlite.ts";

/** Links of the chosen events that hold something; the key of `links` has all but the last two. */
const HOLDING = `
  FROM links WHERE collection = :collection AND child = :child AND itype = 'event'
    AND timestamp BETWEEN :start AND :end
    AND (sets & :mask) = :sets AND (:category = 'all' OR category = :category)`;

const ORGANISATIONS = `
  SELECT id FROM organisations WHERE orgid IN (SELECT value FROM json_each(:orgids))`;

const COUNT = `SELECT count(*) AS count ${HOLDING} AND organisation IN (${ORGANISATIONS})`;

// One organisation at a time: only so the rows come from the key in their order.
const NEWEST = `
  SELECT timestamp, parent ${HOLDING} AND organisation = :organisation
  ORDER BY timestamp DESC, parent LIMIT :limit`;

// The + keeps SQLite from going through the index of all events.
const VISIBLE = `
  FROM instances WHERE collection = :collection AND +itype = 'event'
    AND hash IN (SELECT unhex(value) FROM json_each(:hashes))
    AND document -> '$.orgid' IN (SELECT value FROM json_each(:orgids))`;

const SESSIONS = `
  SELECT DISTINCT lower(hex(parent)) AS hash FROM links
  WHERE collection = :collection AND child IN (SELECT unhex(value) FROM json_each(:events))
    AND itype = 'session' AND sets & ${SETS._ref}`;

/**
 * A collection of instances as reports look at it. Counts and the order of pages come from the key
 * of `links`; documents are read only if they are asked for.
 */
export class SqliteGraph implements Graph {
  readonly #collection: Collection;
  readonly #instances: SqliteInstances;

  constructor(jobs: Jobs, place: CollectionName) {
    this.#collection = new Collection(jobs, place);
    this.#instances = new SqliteInstances(jobs, place);
  }

  countHolders(held: HolderFilter, filter: EventFilter): Promise<number> {
    return this.#collection.read((prepare, collection) => {
      const chosen = { collection, ...holding(held, filter) };
      return Number(prepare(COUNT).get({ ...chosen, orgids: orgidList(filter.orgids) })!["count"]);
    });
  }

  holders(
    held: HolderFilter,
    filter: EventFilter,
    { skip, limit }: { readonly skip: number; readonly limit: number },
  ): Promise<Event[]> {
    return this.#collection.read((prepare, collection) => {
      const chosen = { collection, ...holding(held, filter), limit: skip + limit };
      const links = prepare(ORGANISATIONS).all({ orgids: orgidList(filter.orgids) }).flatMap((
        { id },
      ) => prepare(NEWEST).all({ ...chosen, organisation: id! }) as Link[]);
      const document = prepare(
        "SELECT document FROM instances WHERE collection = ? AND hash = ?",
      );
      return links.toSorted(newestFirst).slice(skip, skip + limit)
        .map(({ parent }) => toInstance(document.get(collection, parent)!) as Event);
    });
  }

  async events(hashes: readonly Hash[], filter: EventFilter): Promise<Event[]> {
    const events = await this.#collection.read((prepare, collection) =>
      prepare(`SELECT document ${VISIBLE}`)
        .all({ collection, hashes: keyList(hashes), orgids: orgidList(filter.orgids) })
        .map((row) => toInstance(row) as Event)
    );
    return events.filter((event) => isChosen(event, filter));
  }

  visible(hashes: readonly Hash[], orgids: readonly string[]): Promise<Hash[]> {
    return this.#collection.read((prepare, collection) =>
      prepare(`SELECT lower(hex(hash)) AS hash ${VISIBLE}`)
        .all({ collection, hashes: keyList(hashes), orgids: orgidList(orgids) })
        .map((row) => String(row["hash"]))
    );
  }

  sessionsOf(events: readonly Hash[]): Promise<Hash[]> {
    return this.#collection.read((prepare, collection) =>
      prepare(SESSIONS).all({ collection, events: keyList(events) })
        .map((row) => String(row["hash"]))
    );
  }

  get(hashes: readonly Hash[]): Promise<Instance[]> {
    return this.#instances.get(hashes);
  }
}

type Link = { readonly timestamp: number; readonly parent: Uint8Array };

function newestFirst(a: Link, b: Link): number {
  return b.timestamp - a.timestamp || Buffer.compare(a.parent, b.parent);
}

/** Which bits of `links.sets` to look at for a context, and what they must be. */
const CONTEXTS = {
  all: { mask: SETS._ref, sets: SETS._ref },
  benign: { mask: SETS._ref | SETS._ben_ref, sets: SETS._ref | SETS._ben_ref },
  malicious: { mask: SETS._ref | SETS._mal_ref, sets: SETS._ref | SETS._mal_ref },
  unknown: { mask: SETS._ref | SETS._ben_ref | SETS._mal_ref, sets: SETS._ref },
} as const;

function holding({ hash, context }: HolderFilter, filter: EventFilter) {
  return { child: keyOf(hash), ...CONTEXTS[context], ...finite(filter), category: filter.category };
}

/** The bounds, without times that are no finite numbers. */
function finite({ start, end }: EventFilter): { start: number; end: number } {
  return { start: Math.max(start, -Number.MAX_VALUE), end: Math.min(end, Number.MAX_VALUE) };
}

function isChosen({ timestamp, category }: Event, filter: EventFilter): boolean {
  const { start, end } = finite(filter);
  return timestamp >= start && timestamp <= end &&
    (filter.category === "all" || category === filter.category);
}
