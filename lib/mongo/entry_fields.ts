import type { Document } from "mongodb";
import { Fault, typeName } from "../tahoe/fault.ts";
import type { Fields } from "../tahoe/value.ts";
import { fromBson } from "./bson.ts";
import { bounded } from "./expressions.ts";

/** Bytes beyond which the document of an entry is not worked on: a sound one has some hundreds. */
const MAX_ENTRY_BYTES = 2 ** 20;

/** Fields and members of lists beyond which a field of an entry is not read: a sound one has few. */
const MAX_INNER_FIELDS = 1000;

/** Bytes of the largest document that the server stores. */
const MAX_DOCUMENT_BYTES = 2 ** 24;

/** Bytes that the end of an entry needs at most: its state, the reason and the attempts. */
const ROOM_FOR_END = 512;

/** Fields from which claims and lists read an entry. */
const NAMES = [
  "_id",
  "_ref",
  "attempts",
  "bad_data",
  "claim",
  "datetime",
  "events",
  "fid",
  "name",
  "orgid",
  "processed",
  "reason",
  "state",
  "timestamp",
  "timezone",
  "typetag",
  "typtag",
];

const SIZE = { $bsonSize: "$$ROOT" };

/**
 * Stages that leave the fields that are read of an entry, and `documentBytes`: whoever may write into
 * the lake may write entries of 16 MiB, or with millions of fields, of which a claim must not get
 * many. (Two stages: the second does not search two million fields for each of its own, which took
 * 0.6 s in place of 0.1 s.)
 */
export const ENTRY_STAGES: readonly Document[] = [
  { $project: { ...Object.fromEntries(NAMES.map((name) => [name, 1])), documentBytes: SIZE } },
  {
    $project: {
      ...Object.fromEntries(NAMES.map((name) => [name, bounded(`$${name}`)])),
      documentBytes: 1,
    },
  },
];

/** The fields of an entry, and why its document is too large to be worked on. */
export type EntryFields = { readonly fields: Fields; readonly tooLarge?: Fault };

/** Reads an entry that was found with {@link ENTRY_STAGES}. */
export function readEntryFields(bytes: Uint8Array | Document): EntryFields {
  const { documentBytes, ...fields } = fromBson(bytes, MAX_INNER_FIELDS);
  if (Number(documentBytes) <= MAX_ENTRY_BYTES) return { fields };
  const names = Object.keys(fields).filter((name) => typeName(fields[name]) === "too large");
  const where = names.length > 0 ? `: ${names.join(" and ")} too large` : "";
  const advice = hasRoom(Number(documentBytes)) ? "" : ". No room is left for its end: remove it";
  const reason = `its document has ${documentBytes} bytes, more than ${MAX_ENTRY_BYTES}`;
  return { fields, tooLarge: new Fault(`${reason}${where}${advice}`) };
}

/** Whether the end of an entry can be written to a document of this size. */
function hasRoom(documentBytes: number): boolean {
  return documentBytes <= MAX_DOCUMENT_BYTES - ROOM_FOR_END;
}

/**
 * Expression that is true for an unfinished entry which cannot be claimed, nor, perhaps, set aside:
 * its document has no room for its end, or its `_id` may be one that filters cannot name.
 */
export const IS_STUCK = {
  $or: [
    { $gt: [SIZE, MAX_DOCUMENT_BYTES - ROOM_FOR_END] },
    { $ne: [{ $type: "$_id" }, "objectId"] },
  ],
};
