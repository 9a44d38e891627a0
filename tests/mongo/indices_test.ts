import assert from "node:assert/strict";
import {
  ensureIndices,
  ensureInstanceIndices,
  ensureLakeIndices,
  ensureQueryIndices,
  type Holds,
} from "../../lib/mongo/indices.ts";
import { MongoInstances } from "../../lib/mongo/instances.ts";
import { MongoLake } from "../../lib/mongo/lake.ts";
import { collectionOf } from "../../lib/mongo/open.ts";
import type { Attribute } from "../../lib/tahoe/instance.ts";
import { type Fresh, freshDatabase, mongoUrl } from "./server.ts";

const url = mongoUrl();

function test(name: string, body: (fresh: Fresh) => Promise<void>): void {
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

test("ensureInstanceIndices may be called again", async ({ mongo, db }) => {
  const place = { db, coll: "instances" };
  assert.deepEqual(await ensureInstanceIndices(mongo, place), []);
  assert.deepEqual(await ensureInstanceIndices(mongo, place), []);
  const names = (await collectionOf(mongo, place).indexes()).map(({ name }) => name);
  assert.deepEqual(names.toSorted(), ["_id_", "cybexp_cref", "cybexp_hash", "cybexp_holders"]);
});

test("indices that are there are looked at only: who may read may call it", async (fresh) => {
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
  assert.deepEqual(made, [5, 5]);
});

test("ensureInstanceIndices goes on without uniqueness where a hash is doubled", async (fresh) => {
  const place = { db: fresh.db, coll: "instances" };
  const documents = collectionOf(fresh.mongo, place);
  const attribute = { itype: "attribute", sub_type: "a", data: "x", _hash: "1".repeat(64) };
  await documents.insertMany([{ ...attribute }, { ...attribute }]);
  for (const _time of ["first", "again"]) {
    const [warning, ...others] = await ensureInstanceIndices(fresh.mongo, place);
    assert.match(warning ?? "", new RegExp(`^.*${fresh.db}\\.instances.*_hash`));
    assert.deepEqual(others, []);
  }
  const store = new MongoInstances(fresh.mongo, place);
  assert.deepEqual(await store.get([attribute._hash]), [attribute]);
  const many = Array.from({ length: 50 }, (_, i) => instance(i));
  for (const _time of ["first", "again"]) await store.put([...many, ...many.slice(0, 5)]);
  assert.equal((await store.count())["attribute"], 52);
  await documents.deleteOne(attribute);
  assert.deepEqual(await ensureInstanceIndices(fresh.mongo, place), []);
  await assert.rejects(documents.insertOne({ ...attribute }), /E11000/);
});

test("indices bear those that somebody made before under other names", async ({ mongo, db }) => {
  const others: Record<Holds, Record<string, 1>[]> = {
    entries: [{ "processed": 1, "claim.until": 1, "timestamp": 1, "_id": 1 }],
    instances: [{ _cref: 1 }, { _hash: 1 }],
    queries: [{ _cref: 1 }, { _hash: 1 }],
  };
  for (const [coll, keys] of Object.entries(others) as [Holds, Record<string, 1>[]][]) {
    const place = { db, coll };
    const documents = collectionOf(mongo, place);
    await documents.insertMany([{ _hash: "a" }, { _hash: "a" }]);
    for (const key of keys) await documents.createIndex(key);
    const notices = await ensureIndices(mongo, place, coll);
    assert.equal(notices.length, coll === "instances" ? 1 : 0);
    const made = (await documents.indexes()).map(({ key }) => JSON.stringify(key));
    assert.equal(new Set(made).size, made.length, made.join());
  }
  const lake = new MongoLake(mongo, { db, coll: "entries" });
  assert.equal((await lake.claim({ owner: "a", limit: 2, lease: 60, now: 1 })).length, 2);
});

test("ensureInstanceIndices bears an index somebody made before", async ({ mongo, db }) => {
  const place = { db, coll: "instances" };
  await collectionOf(mongo, place).createIndex({ _hash: 1 });
  assert.deepEqual(await ensureInstanceIndices(mongo, place), []);
});

test("an index that leaves documents out stands for none of ours", async ({ mongo, db }) => {
  const place = { db, coll: "queries" };
  const documents = collectionOf(mongo, place);
  await documents.createIndex({ _cref: 1 }, { sparse: true });
  await documents.createIndex({ _hash: 1 }, { partialFilterExpression: { itype: "object" } });
  await ensureQueryIndices(mongo, place);
  assert.equal((await documents.indexes()).length, 6);
});

test("ensureQueryIndices lets the API insert what it found absent twice", async ({ mongo, db }) => {
  const place = { db, coll: "queries" };
  await ensureQueryIndices(mongo, place);
  const store = new MongoInstances(mongo, place);
  for (const _request of ["one", "other"]) {
    await collectionOf(mongo, place).insertOne({ ...instance(1) });
  }
  assert.deepEqual(await store.get([instance(1)._hash]), [instance(1)]);
  await ensureQueryIndices(mongo, place);
});

test("ensureQueryIndices and ensureInstanceIndices serve one collection", async ({ mongo, db }) => {
  const place = { db, coll: "instances" };
  await ensureInstanceIndices(mongo, place);
  await ensureQueryIndices(mongo, place);
  const names = (await collectionOf(mongo, place).indexes()).map(({ name }) => name);
  assert.deepEqual(names.toSorted(), ["_id_", "cybexp_cref", "cybexp_hash", "cybexp_holders"]);
});

test("ensureLakeIndices bears the indices that GridFS drivers make", async ({ mongo, db }) => {
  const chunks = collectionOf(mongo, { db, coll: "fs.chunks" });
  await chunks.createIndex({ files_id: 1, n: 1 }, { unique: true });
  await collectionOf(mongo, { db, coll: "fs.files" }).createIndex({ filename: 1, uploadDate: 1 });
  for (const _time of ["first", "again"]) {
    await ensureLakeIndices(mongo, { db, coll: "file_entries" });
  }
  assert.equal((await chunks.indexes()).length, 2);
});
