import type { Document } from "mongodb";
import { deepEqual, equal, ok, rejects } from "../assert.ts";
import { ensureInstanceIndices } from "../../lib/mongo/indices.ts";
import { MongoInstances } from "../../lib/mongo/instances.ts";
import { collectionOf, type Mongo } from "../../lib/mongo/open.ts";
import { putMany } from "../../lib/mongo/put_many.ts";
import type { Instance } from "../../lib/tahoe/instance.ts";
import {
  attribute,
  event,
  hash,
  object,
  ORGID,
  raw,
  readAll,
  session,
} from "../suites/instances/fixtures.ts";
import { freshDatabase, mongoUrl } from "./server.ts";

type Archive = { readonly mongo: Mongo; readonly db: string; readonly store: MongoInstances };

const url = mongoUrl();

function test(name: string, body: (archive: Archive) => Promise<void>): void {
  Deno.test({
    name,
    ignore: url === undefined,
    async fn() {
      const { mongo, db, close } = await freshDatabase(url!);
      try {
        const collection = { db, coll: "instance" };
        await ensureInstanceIndices(mongo, collection);
        await body({ mongo, db, store: new MongoInstances(mongo, collection) });
      } finally {
        await close();
      }
    },
  });
}

/** Two attributes, an object of them, events of that, a session and a Raw of everything. */
function upload(events: number): Instance[] {
  const children = [attribute(hash("a1")), attribute(hash("a2"))];
  const whole = object(hash("b"), children.map(({ _hash }) => _hash));
  const refs = [...children, whole].map(({ _hash }) => _hash);
  const seen = Array.from({ length: events }, (_, i) => event(hash(i), refs));
  const visit = session(hash("c1"), seen.map(({ _hash }) => _hash));
  const all = [...children, whole, ...seen, visit];
  return [...all, raw(hash("d"), { _ref: all.map(({ _hash }) => _hash) })];
}

test("a put that breaks off leaves nothing that refers to what is not there", async (archive) => {
  const { mongo, db, store } = archive;
  const all = upload(3000);
  for (const refused of ["a1", "b", "7", "2999", "c1", "d"]) {
    const validator = { _hash: { $ne: hash(refused) } };
    await mongo.client.db(db).collection("instance").deleteMany({});
    await mongo.client.db(db).command({ collMod: "instance", validator });
    await rejects(store.put(all), /code 121/);
    const stored = await readAll(store);
    const hashes = new Set(stored.map(({ _hash }) => _hash));
    const dangling = stored.flatMap((each) => "_ref" in each ? each._ref ?? [] : [])
      .filter((each) => !hashes.has(each));
    deepEqual([refused, dangling], [refused, []]);
    ok(!hashes.has(hash("d")));
  }
  await mongo.client.db(db).command({ collMod: "instance", validator: {} });
  await store.put(all);
  equal((await readAll(store)).length, all.length);
});

test("a put merges what another writer stores between its look and its insert", async (archive) => {
  const { mongo, db, store } = archive;
  const all = upload(3000);
  const judged = all.map((each) =>
    each.itype === "event" ? { ...each, _mal_ref: [hash("a1")] } : each
  );
  const documents = collectionOf(mongo, { db, coll: "instance" });
  const outrun: typeof documents = Object.create(documents, {
    insertMany: {
      async value(...given: Parameters<typeof documents.insertMany>) {
        // All but every third of them, so that some inserts of a command succeed.
        const hashes = new Set(given[0].map((fields) => fields["get"]("_hash")));
        await store.put(all.filter(({ _hash }, i) => i % 3 > 0 && hashes.has(_hash)));
        return await documents.insertMany(...given);
      },
    },
  });
  outrun.find = documents.find.bind(documents) as typeof documents.find;
  outrun.bulkWrite = documents.bulkWrite.bind(documents);
  await putMany(outrun, judged);
  const stored = await readAll(store);
  equal(stored.length, all.length);
  for (const each of stored) if (each.itype === "event") deepEqual(each._mal_ref, [hash("a1")]);
});

test("what refers to an instance is found by indices alone", async ({ mongo, db, store }) => {
  await store.put(upload(50));
  await mongo.client.db(db).command({ profile: 2 });
  await store.referrers(hash(7));
  await store.parents(hash("a1"));
  await store.parents(hash("c"));
  await store.holders([hash("a1"), hash(8)], "raw");
  await store.holders([hash("a1"), hash(8)], "session");
  await store.referredBeyond(new Map([[hash("a1"), 10]]));
  await store.referredBeyond(new Map([[ORGID, 0]]));
  await mongo.client.db(db).command({ profile: 0 });
  const profile: Document[] = await mongo.client.db(db).collection("system.profile")
    .find({ "ns": `${db}.instance`, "op": { $in: ["query", "command"] } }).sort({ ts: 1 })
    .toArray();
  const examined = profile.map(({ docsExamined }) => Number(docsExamined));
  deepEqual([examined[0], ...examined.slice(2, 5)], [2, 1, 1, 1]);
  // Events of which it is a child are looked for among the 50 that hold it, which may count twice.
  ok(examined[1]! <= 50 + 51, String(examined));
  ok(examined[5]! <= 11, String(examined));
  equal(examined[6], 0);
  ok(profile.every(({ planSummary }) => !planSummary.includes("COLLSCAN")));
});
