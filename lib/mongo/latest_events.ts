import { type Collection, type Document, ObjectId } from "mongodb";
import type { EventFilter, LatestEvents, LatestRange } from "../graph/graph.ts";
import type { Hash } from "../tahoe/instance.ts";
import { toMongoFilter } from "./event_filter.ts";

/** Behind every ObjectId that a client or server makes. */
const END = "f".repeat(24);

/** The index that has the order in which documents were stored, whatever others there are. */
const BY_ID = { hint: { _id: 1 } } as const;

/** Looks at the documents before a serial. */
export async function readLatestEvents(
  documents: Collection<Document>,
  filter: EventFilter,
  { before = END, rows }: LatestRange,
): Promise<LatestEvents> {
  const $lt = new ObjectId(before);
  // From the index alone: the documents between may be Raws of any size.
  const first = await documents.findOne({ _id: { $lt } }, {
    ...BY_ID,
    projection: { _id: 1 },
    sort: { _id: -1 },
    skip: rows - 1,
  });
  const _id = { $lt, ...(first !== null && { $gte: first._id }) };
  const events = await documents.find({ _id, ...toMongoFilter(filter) }, {
    ...BY_ID,
    projection: { _id: 0, _ref: 1 },
  }).toArray();
  return {
    references: events.map(({ _ref }) => _ref).filter(isHashes),
    ...(first !== null && { next: first._id.toHexString() }),
  };
}

/** Whether a field is what it is in an event that others have not damaged. */
function isHashes(value: unknown): value is readonly Hash[] {
  return Array.isArray(value) && value.every((hash) => typeof hash === "string");
}
