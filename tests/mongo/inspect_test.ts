import { deepEqual, equal, match } from "../assert.ts";
import { type Contents, ensureIndices, ensureInstanceIndices } from "../../lib/mongo/indices.ts";
import {
  inspectClock,
  inspectMajority,
  inspectMongo,
  inspectVersion,
  judgeDisk,
} from "../../lib/mongo/inspect.ts";
import { freshDatabase, mongoUrl } from "./server.ts";

const url = mongoUrl();
if (url !== undefined) {
  Deno.test("inspectMongo names missing indices until they are created", async () => {
    const { mongo, db, close } = await freshDatabase(url);
    try {
      const indices = async (coll: string, contents: Contents) => {
        const findings = await inspectMongo(mongo, { db, coll }, contents);
        return findings.at(-1)?.text.replace(db, "db");
      };
      const lacking = {
        entries: "cybexp_waiting, cybexp_failed, cybexp_rejected",
        instances: "cybexp_cref, cybexp_holders, cybexp_imports, cybexp_hash",
        queries: "cybexp_cref, cybexp_holders, cybexp_hash_plain",
      };
      for (const [coll, names] of Object.entries(lacking) as [Contents, string][]) {
        equal(await indices(coll, coll), `db.${coll} lacks the indices ${names}`);
        await ensureIndices(mongo, { db, coll }, coll);
        equal(await indices(coll, coll), `db.${coll} has all indices`);
      }
    } finally {
      await close();
    }
  });

  Deno.test("inspectMongo warns if documents share a hash", async () => {
    const { mongo, db, close } = await freshDatabase(url);
    try {
      const collection = { db, coll: "instance" };
      await mongo.client.db(db).collection("instance").insertMany([{ _hash: "a" }, { _hash: "a" }]);
      await ensureInstanceIndices(mongo, collection);
      const { level, text } = (await inspectMongo(mongo, collection, "instances")).at(-1)!;
      equal(level, "warn");
      match(text, /has all indices, but documents share a _hash$/);
    } finally {
      await close();
    }
  });
}

Deno.test("inspectMajority warns of arbiters and of reads that a majority may not have", () => {
  const texts = (arbiters: string[], majorityReads: boolean) =>
    inspectMajority({ arbiters, majorityReads }).map(({ text }) => text);
  deepEqual(texts([], true), []);
  match(texts(["a:1", "b:2"], true).join(), /^the replica set has arbiters \(a:1, b:2\)/);
  match(texts([], false).join(), /^enableMajorityReadConcern is false/);
});

Deno.test("inspectVersion warns of servers that are older than what was tried", () => {
  const levels = ["4.4.29", "4.4.2", "5.0.0", "5.0.32", "6.0.5", "10.1.0"].map((version) =>
    inspectVersion(version)?.level
  );
  deepEqual(levels, ["warn", "warn", undefined, undefined, undefined, undefined]);
});

Deno.test("judgeDisk warns when little room is left, and fails when there is next to none", () => {
  const levels = [100, 5, 4.9, 0.5, 0.4, 0].map((gib) => judgeDisk(gib * 1024 ** 3)[0]?.level);
  deepEqual(levels, [undefined, undefined, "warn", "warn", "fail", "fail"]);
});

Deno.test("inspectClock warns of a skew over five seconds in either direction", () => {
  const levels = [0, 5, -5, 5.1, -5.1, 3600].map((skew) => inspectClock(skew).level);
  deepEqual(levels, ["ok", "ok", "ok", "warn", "warn", "warn"]);
});
