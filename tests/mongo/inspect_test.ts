import assert from "node:assert/strict";
import { ensureIndices, ensureInstanceIndices, type Holds } from "../../lib/mongo/indices.ts";
import { inspectClock, inspectMongo } from "../../lib/mongo/inspect.ts";
import { freshDatabase, mongoUrl } from "./server.ts";

const url = mongoUrl();
if (url !== undefined) {
  Deno.test("inspectMongo names indices that are missing until they are made", async () => {
    const { mongo, db, close } = await freshDatabase(url);
    try {
      const indices = async (coll: string, holds: Holds) => {
        const findings = await inspectMongo(mongo, { db, coll }, holds);
        return findings.at(-1)?.text.replace(db, "db");
      };
      const lacking = {
        entries: "cybexp_waiting, cybexp_failed, cybexp_rejected",
        instances: "cybexp_cref, cybexp_holders, cybexp_hash",
        queries: "cybexp_cref, cybexp_holders, cybexp_hash_plain",
      };
      for (const [coll, names] of Object.entries(lacking) as [Holds, string][]) {
        assert.equal(await indices(coll, coll), `db.${coll} lacks the indices ${names}`);
        await ensureIndices(mongo, { db, coll }, coll);
        assert.equal(await indices(coll, coll), `db.${coll} has all indices`);
      }
    } finally {
      await close();
    }
  });

  Deno.test("inspectMongo tells when documents share a hash", async () => {
    const { mongo, db, close } = await freshDatabase(url);
    try {
      const place = { db, coll: "instance" };
      await mongo.client.db(db).collection("instance").insertMany([{ _hash: "a" }, { _hash: "a" }]);
      await ensureInstanceIndices(mongo, place);
      const { level, text } = (await inspectMongo(mongo, place, "instances")).at(-1)!;
      assert.equal(level, "warn");
      assert.match(text, /has all indices, but documents share a _hash$/);
    } finally {
      await close();
    }
  });
}

Deno.test("inspectClock warns of more than five seconds either way", () => {
  const levels = [0, 5, -5, 5.1, -5.1, 3600].map((skew) => inspectClock(skew).level);
  assert.deepEqual(levels, ["ok", "ok", "ok", "warn", "warn", "warn"]);
});
