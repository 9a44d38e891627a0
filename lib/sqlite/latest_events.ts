import type { EventFilter, LatestEvents, LatestRange } from "../graph/graph.ts";
import type { Event, Hash } from "../tahoe/instance.ts";
import { Damaged } from "../tahoe/instances.ts";
import type { OpenCollection } from "./collection.ts";
import { EVENT_COLUMNS, EventColumnsReader } from "./event_columns.ts";
import { ITYPES } from "./itypes.ts";
import { hashOf, orgidList } from "./key.ts";
import { nextId } from "./next_id.ts";
import { DOCUMENT_COLUMNS, DocumentReader } from "./read_documents.ts";
import { ReferenceNumbers } from "./reference_numbers.ts";
import { fromSerial, toSerial } from "./serial.ts";
import type { Prepare, Row } from "./sqlite.ts";

// Ids grow, so the last ones were stored last. The + keeps SQLite from using the index of hashes.
const VISIBLE = `
  FROM instances
  WHERE +collection = :collection AND +itype = ${ITYPES.event} AND id >= :from AND id < :before
    AND +organisation IN (
      SELECT id FROM organisations WHERE orgid IN (SELECT value FROM json_each(:orgids)))`;

const COLUMNS = `SELECT ${EVENT_COLUMNS} FROM (SELECT * ${VISIBLE})`;

const DOCUMENTS = `SELECT ${DOCUMENT_COLUMNS} ${VISIBLE}`;

/** What is needed of an event. */
type Candidate = Pick<Event, "timestamp" | "category"> & { readonly references: readonly Hash[] };

/** Looks at the rows before a serial. The bounds of the filter are finite. */
export function readLatestEvents(
  collection: OpenCollection,
  { orgids, start, end, category }: EventFilter,
  { before: serial, rows }: LatestRange,
): LatestEvents {
  const { prepare } = collection;
  const before = serial === undefined
    ? Number(prepare(`SELECT ${nextId("instances")} AS next`).get()!["next"])
    : fromSerial(serial);
  const from = Math.max(0, before - rows);
  const range = { collection: collection.id, orgids: orgidList(orgids), from, before };
  const references = readCandidates(collection, range)
    .filter(({ timestamp }) => timestamp >= start && timestamp <= end)
    .filter((event) => category === "all" || event.category === category)
    .map((event) => event.references);
  return { references, ...(from > 0 && { next: toSerial(from) }) };
}

/** Parameters of {@link VISIBLE}. */
type VisibleRange = {
  readonly collection: number;
  readonly orgids: string;
  readonly from: number;
  readonly before: number;
};

function readCandidates({ prepare }: OpenCollection, range: VisibleRange): Candidate[] {
  const row = prepare(COLUMNS).get(range)!;
  if (row["count"] === 0) return [];
  const hashes: Hash[] = [];
  const numbers = new ReferenceNumbers((key) =>
    hashes.push(typeof key === "string" ? key : hashOf(key)) - 1
  );
  const events = new EventColumnsReader(numbers).read(prepare, row);
  if (events === undefined) return readDocuments(prepare, prepare(DOCUMENTS).all(range));
  return events.map(({ timestamp, category, references }) => ({
    timestamp,
    category,
    references: references.map((number) => hashes[number]!),
  }));
}

/** Reads events of which one may be damaged. */
function readDocuments(prepare: Prepare, rows: readonly Row[]): Candidate[] {
  return new DocumentReader(prepare).readEach(rows)
    .filter((event) => !(event instanceof Damaged))
    .map((event) => event as Event)
    .map(({ timestamp, category, _ref: references }) => ({ timestamp, category, references }));
}
