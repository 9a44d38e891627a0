import fc from "fast-check";
import { type Document, MongoBulkWriteError, ObjectId } from "mongodb";
import { toBson } from "../../lib/mongo/bson.ts";
import { collectionOf, openMongo } from "../../lib/mongo/open.ts";
import { attribute } from "../../lib/tahoe/attribute.ts";
import type { Fields } from "../../lib/tahoe/value.ts";
import { tdql } from "../../lib/tdql/tdql.ts";
import { mongoUrl } from "../mongo/server.ts";
import { damagedDocument } from "./arbitrary_bson.ts";
import type { Installation } from "./installation.ts";

/** Paths of the fields of a claim. */
const CLAIM = ["claim", "claim.owner", "claim.until", "claim.attempts", "claim.reason"];

/** Entries without a file, with damaged documents, that are to end as ERROR or NOT_SUPPORTED. */
export function damagedEntries(count: number): readonly Document[] {
  const paths = [..."_id processed timestamp name orgid timezone typetag fid".split(" "), ...CLAIM];
  const entry = {
    _id: new ObjectId(),
    timestamp: 1,
    processed: false,
    name: "n",
    orgid: "o",
    timezone: "UTC",
    typetag: "sighting",
    fid: new ObjectId(),
    claim: { owner: "o", until: 1, attempts: 1 },
  };
  // The server finds a list that contains true, as the existing archive does: finished.
  return fc.sample(damagedDocument(entry, paths), count)
    .filter(({ processed }) => ![processed].flat().includes(true));
}

/** Queries that fail at best, with damaged documents: half of them wait, half are `processing`. */
export function damagedQueries(count: number): readonly Document[] {
  return (["wait", "processing"] as const).flatMap((status) => queries(status, count / 2))
    .filter(({ itype, sub_type }) =>
      [itype].flat().includes("object") && [sub_type].flat().includes("query")
    );
}

function queries(status: "wait" | "processing", count: number): readonly Document[] {
  const { query } = tdql({ qtype: "count", qdata: "x", qhash: "", userid: "u", timestamp: 1 });
  const hash = attribute("status", status)._hash;
  const data = [..."status report_id qtype qdata userid encrypted timestamp socket".split(" ")];
  const fields = "_hash itype sub_type _ref data".split(" ");
  const paths = [...fields, ...data.map((name) => `data.${name}`), ...CLAIM];
  const document = {
    ...plainDocument(query as unknown as Fields),
    _cref: [hash],
    _ref: [hash],
    ...(status === "processing" && { claim: { owner: "o", until: 1, attempts: 1 } }),
  };
  return fc.sample(damagedDocument(document, paths), count).map((each) =>
    each["_hash"] === query._hash ? { ...each, _hash: crypto.randomUUID() } : each
  );
}

/** A document for the driver, without the Maps that {@link toBson} makes of its outermost levels. */
export function plainDocument(fields: Fields): Document {
  const entries = Object.entries(Object.fromEntries(toBson(fields) as Map<string, unknown>));
  return Object.fromEntries(
    entries.map((
      [name, value],
    ) => [name, value instanceof Map ? Object.fromEntries(value) : value]),
  );
}

/**
 * Inserts what the server takes of the documents; returns how many that are. Without indices it
 * takes some more: they cannot be indexed.
 */
export async function insertDamaged(
  { config }: Installation,
  documents: readonly Document[],
  { coll, indices }: { readonly coll: string; readonly indices: boolean },
): Promise<number> {
  const opened = await openMongo(mongoUrl()!);
  try {
    const collection = collectionOf(opened, { db: config.cache.db, coll });
    const wanted = documents.map(({ _id, ...rest }) =>
      _id instanceof ObjectId || _id === undefined ? rest : { _id, ...rest }
    );
    // As before the first start.
    if (!indices) await collection.dropIndexes();
    const before = await collection.countDocuments();
    await collection.insertMany(wanted, { ordered: false, forceServerObjectId: true })
      .catch((error) => {
        if (!(error instanceof MongoBulkWriteError)) throw error;
      });
    return await collection.countDocuments() - before;
  } finally {
    await opened.close();
  }
}
