import fc from "fast-check";
import { MongoBulkWriteError, ObjectId } from "mongodb";
import { MongoEdges } from "../../lib/mongo/edges.ts";
import { MongoGraph } from "../../lib/mongo/graph.ts";
import { ensureInstanceIndices } from "../../lib/mongo/indices.ts";
import { MongoInstances } from "../../lib/mongo/instances.ts";
import { type CollectionName, collectionOf, type Mongo } from "../../lib/mongo/open.ts";
import { attribute } from "../../lib/tahoe/attribute.ts";
import { event } from "../../lib/tahoe/event.ts";
import { object } from "../../lib/tahoe/object.ts";
import { raw } from "../../lib/tahoe/raw.ts";
import { session } from "../../lib/tahoe/session.ts";
import type { Fields } from "../../lib/tahoe/value.ts";
import { damagedDocument } from "../e2e/arbitrary_bson.ts";
import { plainDocument } from "../e2e/damaged_documents.ts";
import { SHARED, testHostileArchive } from "../suites/hostile_archive.ts";
import { freshDatabase, mongoUrl } from "./server.ts";

/** Documents of each kind. */
const COUNT = 200;

const FIELDS = [
  ..."_hash itype sub_type data _cref _ref _ben_ref _mal_ref orgid timestamp category".split(" "),
];

type BsonDocument = { readonly [field: string]: unknown };

const url = mongoUrl();
if (url !== undefined) {
  for (const indices of [true, false]) {
    const where = indices ? "with indices" : "without indices";
    Deno.test(`MongoDB ${where} answers beside instances of any shape`, async () => {
      const { mongo, db, close } = await freshDatabase(url);
      const [archive, identity] = [{ db, coll: "instance" }, { db, coll: "identity" }];
      try {
        if (indices) {
          for (const name of [archive, identity]) await ensureInstanceIndices(mongo, name);
        }
        const stores = {
          archive: new MongoInstances(mongo, archive),
          graph: new MongoGraph(mongo, archive),
          edges: new MongoEdges(mongo, archive),
          identity: new MongoInstances(mongo, identity),
          close,
        };
        await testHostileArchive(stores, async (orgid) => {
          await insert(mongo, archive, damagedInstances(orgid));
          await insert(mongo, identity, damagedInstances(orgid));
        });
      } finally {
        await close();
      }
    });
  }
}

/** Documents of instances of every kind, with up to three fields of any type of BSON. */
function damagedInstances(orgid: string): readonly BsonDocument[] {
  const sighting = event("sighting", SHARED, { orgid, timestamp: 1_599_999_970 });
  const kinds: readonly unknown[] = [
    SHARED,
    object("o", SHARED),
    sighting,
    { ...sighting, category: "malicious" },
    { ...session("s", attribute("x", 1n)), _ref: [sighting._hash] },
    raw("r", { a: 1n }, { orgid, timezone: "UTC" }),
  ];
  const damaged = kinds.flatMap((kind) =>
    fc.sample(damagedDocument(plainDocument(kind as Fields), FIELDS), COUNT)
  );
  // No index can hold two lists, nor can the server sort by them.
  const lists = { _hash: ["a", "b"], timestamp: [1_599_999_960, 1_599_999_970] };
  return [...damaged, { ...plainDocument(sighting as unknown as Fields), ...lists }];
}

async function insert(
  mongo: Mongo,
  name: CollectionName,
  documents: readonly BsonDocument[],
): Promise<void> {
  const wanted = documents.map((each) => ({
    ...each,
    ...(typeof each["_hash"] === "string" && { _hash: crypto.randomUUID() }),
    _id: new ObjectId(),
  }));
  await collectionOf(mongo, name).insertMany(wanted, { ordered: false }).catch((error) => {
    if (!(error instanceof MongoBulkWriteError)) throw error;
  });
}
