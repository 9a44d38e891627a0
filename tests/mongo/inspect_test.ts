import { deepEqual, equal, match, ok, rejects } from "../assert.ts";
import type { CreateCollectionOptions } from "mongodb";
import { type Contents, ensureIndices, ensureInstanceIndices } from "../../lib/mongo/indices.ts";
import {
  inspectClock,
  inspectMajority,
  inspectMongo,
  inspectVersion,
  judgeDisk,
} from "../../lib/mongo/inspect.ts";
import { judgeSharding } from "../../lib/mongo/inspect_sharding.ts";
import { MongoInstances } from "../../lib/mongo/instances.ts";
import { attribute } from "../../lib/tahoe/attribute.ts";
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
        instances: "cybexp_events, cybexp_referrers, cybexp_parents, cybexp_imports, cybexp_hash",
        queries: "cybexp_events, cybexp_referrers, cybexp_parents, cybexp_hash_plain",
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

  Deno.test("inspectMongo names indices of earlier versions until they are dropped", async () => {
    const { mongo, db, close } = await freshDatabase(url);
    try {
      const collection = { db, coll: "instance" };
      await ensureInstanceIndices(mongo, collection);
      await mongo.client.db(db).collection("instance").createIndex({ _cref: 1 }, {
        name: "cybexp_cref",
      });
      const last = async () => (await inspectMongo(mongo, collection, "instances")).at(-1)!;
      const { level, text } = await last();
      equal(level, "warn");
      match(text, /instance has the indices cybexp_cref, which nothing uses any more$/);
      await ensureInstanceIndices(mongo, collection);
      match((await last()).text, /has all indices$/);
    } finally {
      await close();
    }
  });

  const kinds: readonly [string, CreateCollectionOptions, string, RegExp][] = [
    [
      "a view",
      { viewOn: "x", pipeline: [] },
      "fail",
      /\.c is a view: nothing can be changed in it$/,
    ],
    ["a time series", { timeseries: { timeField: "t" } }, "fail", /\.c is a time series: nothing /],
    ["capped", { capped: true, size: 1e6 }, "warn", /\.c is capped: MongoDB deletes the oldest /],
  ];
  for (const [what, options, wanted, text] of kinds) {
    Deno.test(`inspectMongo says that a collection is ${what}, and what to do`, async () => {
      const { mongo, db, close } = await freshDatabase(url);
      try {
        await mongo.client.db(db).createCollection("c", options);
        const findings = await inspectMongo(mongo, { db, coll: "c" }, "entries");
        const found = findings.filter((finding) => text.test(finding.text));
        deepEqual(found.map(({ level }) => level), [wanted]);
        ok((found[0] as { advice?: string }).advice !== undefined);
      } finally {
        await close();
      }
    });
  }

  Deno.test("an error says that a view or time series stands in place of a collection", async () => {
    const { mongo, db, close } = await freshDatabase(url);
    try {
      const one = attribute("ipv4", "192.0.2.1");
      await mongo.client.db(db).createCollection("v", { viewOn: "x", pipeline: [] });
      await rejects(
        new MongoInstances(mongo, { db, coll: "v" }).put([one]),
        /^Error: MongoDB refuses: CommandNotSupportedOnView \(code 166\)\. A view stands .* doctor /,
      );
      await mongo.client.db(db).createCollection("t", { timeseries: { timeField: "t" } });
      await rejects(
        new MongoInstances(mongo, { db, coll: "t" }).put([one]),
        /^Error: MongoDB refuses: InvalidOptions \(code 72\)\. It may be a time series .* doctor /,
      );
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

Deno.test("judgeSharding warns of a sharded lake or inbox, and of a key other than _hash", () => {
  const judge = (contents: Contents, key?: Record<string, unknown>) => {
    const [finding] = judgeSharding({ namespace: "d.c", contents, ...(key && { key }) });
    return `${finding!.level}: ${finding!.text}`;
  };
  for (const contents of ["instances", "entries", "queries"] as const) {
    match(judge(contents), /^ok: d\.c is not sharded/);
  }
  match(judge("instances", { _hash: 1 }), /^ok: d\.c is sharded by _hash$/);
  match(judge("instances", { _hash: "hashed" }), /^warn: d\.c is sharded by _hash: .* unique/);
  match(judge("instances", { _hash: 1, itype: 1 }), /^warn: .* by _hash, itype:/);
  match(judge("instances", { _id: 1 }), /^warn: d\.c is sharded by _id:/);
  match(judge("entries", { _id: 1 }), /^warn: d\.c is sharded: each claim/);
  match(judge("queries", { _hash: 1 }), /^warn: d\.c is sharded: each claim/);
});

Deno.test("inspectClock warns of a skew over five seconds in either direction", () => {
  const levels = [0, 5, -5, 5.1, -5.1, 3600].map((skew) => inspectClock(skew).level);
  deepEqual(levels, ["ok", "ok", "ok", "warn", "warn", "warn"]);
});
