import type { EdgeChunk, EdgeFollower, FollowedEvent, NumberOf } from "../graph/edge_follower.ts";
import type { Collection, OpenCollection } from "./collection.ts";
import { EVENT_COLUMNS, EventColumnsReader } from "./event_columns.ts";
import { readEdgeEvents } from "./edge_events.ts";
import { ITYPES } from "./itypes.ts";
import { hashOf } from "./key.ts";
import { MAX_INTEGER } from "./json_column.ts";
import { DOCUMENT_COLUMNS } from "./read_documents.ts";
import { ReferenceNumbers } from "./reference_numbers.ts";
import type { Prepare } from "./sqlite.ts";

/** Documents in one task: a few milliseconds, for which all other tasks wait. */
const EVENTS_AT_ONCE = 250;
const OBJECTS_AT_ONCE = 2000;

// The + keeps SQLite from reading all rows by the index of hashes and sorting them for each page.
// Ids grow: new rows come last, and one that was there before is a change.
const NEXT_ROWS = `
  FROM instances
  WHERE +collection = :collection AND itype = ${ITYPES.event} AND id > :last AND id <= ${MAX_INTEGER}
  ORDER BY id LIMIT ${EVENTS_AT_ONCE}`;

const NEXT_EVENTS = `SELECT ${EVENT_COLUMNS} FROM (SELECT * ${NEXT_ROWS})`;

const NEXT_DOCUMENTS = `SELECT ${DOCUMENT_COLUMNS} ${NEXT_ROWS}`;

const NEXT_OBJECTS = `
  SELECT id, hash FROM instances
  WHERE +collection = :collection AND itype = ${ITYPES.object} AND id > :last AND id <= ${MAX_INTEGER}
  ORDER BY id LIMIT ${OBJECTS_AT_ONCE}`;

const NEXT_OBJECT_IDS = `
  SELECT count(*) AS count, max(id) AS last, json_group_array(id) AS ids FROM (${NEXT_OBJECTS})`;

/** Parameters of {@link NEXT_ROWS} and {@link NEXT_OBJECTS}. */
type Page = { readonly collection: number; readonly last: number };

type Step = { readonly chunk: EdgeChunk | "changed"; readonly isLast: boolean };

/** Follows a collection by the ids of its rows, and by the count of what was changed in it. */
export class SqliteEdgeFollower implements EdgeFollower {
  readonly #collection: Collection;
  readonly #numberOf: NumberOf;
  readonly #numbers: ReferenceNumbers;
  readonly #events: EventColumnsReader;
  #changes: number | undefined;
  #lastEvent = 0;
  #lastObject = 0;

  constructor(collection: Collection, numberOf: NumberOf) {
    this.#collection = collection;
    this.#numberOf = numberOf;
    this.#numbers = new ReferenceNumbers(numberOf);
    this.#events = new EventColumnsReader(this.#numbers);
  }

  async *read(): AsyncIterable<EdgeChunk | "changed"> {
    while (true) {
      const { chunk, isLast } = await this.#collection.read((open) => this.#next(open));
      yield chunk;
      if (isLast) return;
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Reads objects once all events are read: those that an event refers to are stored before it. */
  #next(collection: OpenCollection): Step {
    const { prepare, id } = collection;
    const changes = countChanges(collection);
    this.#changes ??= changes;
    if (changes !== this.#changes) return { chunk: "changed", isLast: true };
    return this.#nextEvents(prepare, { collection: id, last: this.#lastEvent }) ??
      this.#nextObjects(prepare, { collection: id, last: this.#lastObject });
  }

  #nextEvents(prepare: Prepare, page: Page): Step | undefined {
    const row = prepare(NEXT_EVENTS).get(page)!;
    if (row["count"] === 0) return undefined;
    const events = this.#events.read(prepare, row) ?? this.#readDocuments(prepare, page);
    this.#lastEvent = Number(row["last"]);
    return { chunk: { events, objects: [] }, isLast: false };
  }

  #nextObjects(prepare: Prepare, page: Page): Step {
    const { count, last, ids } = prepare(NEXT_OBJECT_IDS).get(page)!;
    const numbers = JSON.parse(String(ids)) as number[];
    const objects = this.#numbers.replaceIds(prepare, [numbers])
      ? numbers
      : prepare(NEXT_OBJECTS).all(page).map(({ hash }) =>
        this.#numberOf(hashOf(hash as Uint8Array))
      );
    const isLast = Number(count) < OBJECTS_AT_ONCE;
    if (isLast) this.#numbers.clear();
    if (last !== null) this.#lastObject = Number(last);
    return { chunk: { events: [], objects }, isLast };
  }

  /** The events at finite times, but those of no organisation, which nobody may see. */
  #readDocuments(prepare: Prepare, page: Page): FollowedEvent[] {
    return readEdgeEvents(prepare, prepare(NEXT_DOCUMENTS).all(page)).flatMap(({ event, orgid }) =>
      typeof orgid === "string"
        ? [{ ...event, references: event.references.map(this.#numberOf), orgid }]
        : []
    );
  }
}

/** The number of times that an event or object of the collection was changed or removed. */
function countChanges({ prepare, id }: OpenCollection): number {
  const row = prepare("SELECT changes FROM collections WHERE id = ?").get(id);
  return Number(row?.["changes"] ?? 0);
}
