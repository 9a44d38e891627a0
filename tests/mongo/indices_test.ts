import { deepEqual, equal, match, ok, rejects } from "../assert.ts";
import {
  type Contents,
  ensureIndices,
  ensureInstanceIndices,
  ensureLakeIndices,
  ensureQueryIndices,
} from "../../lib/mongo/indices.ts";
import { MongoInstances } from "../../lib/mongo/instances.ts";
import { MongoLake } from "../../lib/mongo/lake.ts";
import type { Document } from "mongodb";
import { collectionOf } from "../../lib/mongo/open.ts";
import type { Attribute } from "../../lib/tahoe/instance.ts";
import { type FreshDatabase, freshDatabase, mongoUrl } from "./server.ts";

const url = mongoUrl();

function test(name: string, body: (fresh: FreshDatabase) => Promise<void>): void {
  if (url === undefined) return;
  Deno.test(name, async () => {
    const fresh = await freshDatabase(url);
    try {
      await body(fresh);
    } finally {
      await fresh.close();
    }
  });
}

function instance(number: number): Attribute {
  return { itype: "attribute", sub_type: "b", data: "y", _hash: `${number}`.padStart(64, "0") };
}

test("ensureInstanceIndices can be called again", async ({ mongo, db }) => {
  const collection = { db, coll: "instances" };
  deepEqual(await ensureInstanceIndices(mongo, collection), []);
  deepEqual(await ensureInstanceIndices(mongo, collection), []);
  const names = (await collectionOf(mongo, collection).indexes()).map(({ name }) => name);
  deepEqual(names.toSorted(), [
    "_id_",
    "cybexp_events",
    "cybexp_hash",
    "cybexp_imports",
    "cybexp_parents",
    "cybexp_referrers",
  ]);
});

test("ensureInstanceIndices and ensureLakeIndices create nothing the second time", async (fresh) => {
  const { mongo, db } = fresh;
  const server = mongo.client.db(db);
  await server.command({ profile: 2 });
  const made: number[] = [];
  for (const _time of ["first", "again"]) {
    await ensureInstanceIndices(mongo, { db, coll: "instances" });
    await ensureLakeIndices(mongo, { db, coll: "file_entries" });
    const making = { "command.createIndexes": { $exists: true } };
    made.push(await server.collection("system.profile").countDocuments(making));
  }
  await server.command({ profile: 0 });
  deepEqual(made, [5, 5]);
});

test("ensureInstanceIndices does without a unique index if a hash is there twice", async (fresh) => {
  const collection = { db: fresh.db, coll: "instances" };
  const documents = collectionOf(fresh.mongo, collection);
  const attribute = { itype: "attribute", sub_type: "a", data: "x", _hash: "1".repeat(64) };
  await documents.insertMany([{ ...attribute }, { ...attribute }]);
  for (const _time of ["first", "again"]) {
    const [warning, ...others] = await ensureInstanceIndices(fresh.mongo, collection);
    match(warning ?? "", new RegExp(`^.*${fresh.db}\\.instances.*_hash`));
    deepEqual(others, []);
  }
  const store = new MongoInstances(fresh.mongo, collection);
  deepEqual(await store.get([attribute._hash]), [attribute]);
  const many = Array.from({ length: 50 }, (_, i) => instance(i));
  for (const _time of ["first", "again"]) await store.put([...many, ...many.slice(0, 5)]);
  equal((await store.count())["attribute"], 52);
  await documents.deleteOne(attribute);
  deepEqual(await ensureInstanceIndices(fresh.mongo, collection), []);
  await rejects(documents.insertOne({ ...attribute }), /E11000/);
});

test("ensureIndices accepts equal indices under other names", async ({ mongo, db }) => {
  const present: Record<Contents, Record<string, 1 | -1>[]> = {
    entries: [{ "processed": 1, "claim.until": 1, "timestamp": 1, "_id": 1 }],
    instances: [{ "_sources.file": 1 }, { _hash: 1 }],
    queries: [{ _cref: -1 }, { _hash: 1 }],
  };
  const partial: Record<string, unknown> = {
    "_sources.file": { "_sources.file": { $exists: true } },
    "_cref": { itype: { $gt: "event" } },
  };
  for (const [coll, keys] of Object.entries(present) as [Contents, Record<string, 1 | -1>[]][]) {
    const collection = { db, coll };
    const documents = collectionOf(mongo, collection);
    await documents.insertMany([{ _hash: "a" }, { _hash: "a" }]);
    for (const key of keys) {
      const partialFilterExpression = partial[Object.keys(key)[0]!] as Document | undefined;
      await documents.createIndex(key, {
        ...(partialFilterExpression && { partialFilterExpression }),
      });
    }
    const notices = await ensureIndices(mongo, collection, coll);
    equal(notices.length, coll === "instances" ? 1 : 0);
    const made = (await documents.indexes()).map(({ key }) => JSON.stringify(key));
    equal(new Set(made).size, made.length, made.join());
  }
  const lake = new MongoLake(mongo, { db, coll: "entries" });
  equal((await lake.claim({ owner: "a", limit: 2, lease: 60, now: 1 })).length, 2);
});

test("ensureInstanceIndices accepts an index on _hash that is not unique", async ({ mongo, db }) => {
  const collection = { db, coll: "instances" };
  await collectionOf(mongo, collection).createIndex({ _hash: 1 });
  deepEqual(await ensureInstanceIndices(mongo, collection), []);
});

test("ensureQueryIndices does not accept an index that leaves documents out", async ({ mongo, db }) => {
  const collection = { db, coll: "queries" };
  const documents = collectionOf(mongo, collection);
  await documents.createIndex({ _cref: -1 }, { sparse: true });
  await documents.createIndex({ _hash: 1 }, { partialFilterExpression: { itype: "object" } });
  await ensureQueryIndices(mongo, collection);
  equal((await documents.indexes()).length, 7);
});

test("ensureQueryIndices lets two requests of the API insert the same instance", async ({ mongo, db }) => {
  const collection = { db, coll: "queries" };
  await ensureQueryIndices(mongo, collection);
  const store = new MongoInstances(mongo, collection);
  for (const _request of ["one", "other"]) {
    await collectionOf(mongo, collection).insertOne({ ...instance(1) });
  }
  deepEqual(await store.get([instance(1)._hash]), [instance(1)]);
  await ensureQueryIndices(mongo, collection);
});

test("ensureQueryIndices accepts the indices of ensureInstanceIndices", async ({ mongo, db }) => {
  const collection = { db, coll: "instances" };
  await ensureInstanceIndices(mongo, collection);
  await ensureQueryIndices(mongo, collection);
  const names = (await collectionOf(mongo, collection).indexes()).map(({ name }) => name);
  deepEqual(names.toSorted(), [
    "_id_",
    "cybexp_events",
    "cybexp_hash",
    "cybexp_imports",
    "cybexp_parents",
    "cybexp_referrers",
  ]);
});

test("ensureInstanceIndices drops indices of earlier versions, and no others", async (fresh) => {
  const collection = { db: fresh.db, coll: "instances" };
  const documents = collectionOf(fresh.mongo, collection);
  const holders = { _ref: 1, itype: 1, orgid: 1, timestamp: -1, _hash: 1 } as const;
  await documents.createIndex({ _cref: 1 }, { name: "by_child" });
  await documents.createIndex(holders, { name: "cybexp_holders" });
  await documents.createIndex({ _ref: 1 }, { name: "cybexp_cref" });
  deepEqual(await ensureInstanceIndices(fresh.mongo, collection), []);
  const names = (await documents.indexes()).map(({ name }) => name);
  deepEqual(names.filter((name) => !name!.startsWith("cybexp_")).toSorted(), ["_id_", "by_child"]);
  ok(names.includes("cybexp_cref"));
  ok(!names.includes("cybexp_holders"));
});

test("ensureInstanceIndices keeps earlier indices until the new ones are there", async (fresh) => {
  const collection = { db: fresh.db, coll: "instances" };
  const documents = collectionOf(fresh.mongo, collection);
  await documents.createIndex({ _cref: 1 }, { name: "cybexp_cref" });
  const { insertedId } = await documents.insertOne({ itype: ["object", "x"], _ref: ["a"] });
  const has = async () => (await documents.indexes()).some(({ name }) => name === "cybexp_cref");
  equal((await ensureInstanceIndices(fresh.mongo, collection)).length, 1);
  ok(await has());
  await documents.deleteOne({ _id: insertedId });
  deepEqual(await ensureInstanceIndices(fresh.mongo, collection), []);
  ok(!await has());
});

test("ensureLakeIndices accepts the indices that GridFS drivers create", async ({ mongo, db }) => {
  const chunks = collectionOf(mongo, { db, coll: "fs.chunks" });
  await chunks.createIndex({ files_id: 1, n: 1 }, { unique: true });
  await collectionOf(mongo, { db, coll: "fs.files" }).createIndex({ filename: 1, uploadDate: 1 });
  for (const _time of ["first", "again"]) {
    await ensureLakeIndices(mongo, { db, coll: "file_entries" });
  }
  equal((await chunks.indexes()).length, 2);
});

test("ensureQueryIndices names the documents that an index cannot hold", async ({ mongo, db }) => {
  const collection = { db, coll: "instance" };
  const documents = collectionOf(mongo, collection);
  const query = { itype: "object", sub_type: "query", _ref: ["a"], _cref: ["a"] };
  const event = { itype: "event", _ref: ["a"], _cref: ["a"], _hash: ["a"] };
  await documents.insertMany([event, { ...query, itype: ["object", "x"] }]);
  const notices = await ensureQueryIndices(mongo, collection);
  equal(notices.length, 2);
  const said = (index: string, lists: string) =>
    new RegExp(
      `^Cannot create the index ${index} of cybexp_test_\\w+\\.instance: it cannot hold ` +
        `document [0-9a-f]{24}, in which ${lists} are lists\\. `,
    );
  match(notices[0]!, said("cybexp_events", "_ref and _hash"));
  match(notices[1]!, said("cybexp_referrers", "_ref and itype"));
  const names = (await documents.indexes()).map(({ name }) => name);
  deepEqual(names.toSorted(), ["_id_", "cybexp_hash_plain", "cybexp_parents"]);
  await documents.deleteMany({});
  deepEqual(await ensureQueryIndices(mongo, collection), []);
});

test("ensureLakeIndices names the documents that an index cannot hold", async ({ mongo, db }) => {
  const entries = collectionOf(mongo, { db, coll: "file_entries" });
  await entries.insertOne({ processed: [false], claim: [{ until: 1 }], timestamp: 1 });
  const chunks = collectionOf(mongo, { db, coll: "fs.chunks" });
  await chunks.insertMany([{ files_id: 1, n: 0 }, { files_id: 1, n: 0 }]);
  const notices = await ensureLakeIndices(mongo, { db, coll: "file_entries" });
  equal(notices.length, 2);
  match(
    notices.join(" "),
    /index cybexp_waiting of .*, in which processed and claim.until are lists/,
  );
  match(notices.join(" "), /Cannot make the index on files_id and n of \w+\.fs\.chunks unique/);
});
