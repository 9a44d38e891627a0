import { deepEqual, doesNotMatch, equal, match, ok, rejects } from "../assert.ts";
import { ConfigError, StoreUnavailable } from "../../lib/errors.ts";
import type { Attribute } from "../../lib/tahoe/instance.ts";
import { ensureLakeIndices } from "../../lib/mongo/indices.ts";
import { MongoInstances } from "../../lib/mongo/instances.ts";
import { MongoLake } from "../../lib/mongo/lake.ts";
import { openMongo } from "../../lib/mongo/open.ts";
import { Proxy } from "./proxy.ts";
import { freshDatabase, mongoUrl } from "./server.ts";

const UNREADABLE_URLS = [
  ["", /scheme/],
  ["http://example.com", /scheme/],
  ["mongodb://", /./],
  ["mongodb://example.com:port", /./],
  ["mongodb://example.com/?nosuch=1", /nosuch/],
  ["mongodb://user:hunter2@example.com/?nosuch=1", /nosuch/],
  ["mongodb://user:hunter2@", /./],
  ["mongodb://user:hunter2", /./],
  ["mongodb://user:hunter2/@example.com", /percent-encoded/],
  ["mongodb://user:hunter2%@example.com", /percent-encoded/],
  ["mongodb://user:hunter2@hunter2@example.com", /percent-encoded/],
] as const;

/** The driver looks once for a file that containers have, and waits for no answer. */
const DRIVER_LOOKS = { sanitizeOps: false };

for (const [url, message] of UNREADABLE_URLS) {
  const name = `openMongo refuses the URL ${url || "(empty)"} without quoting its password`;
  Deno.test(name, DRIVER_LOOKS, async () => {
    await rejects(openMongo(url), (error: Error) => {
      ok(error instanceof ConfigError);
      match(error.message, message);
      doesNotMatch(Deno.inspect(error, { depth: 20 }), /hunter2/);
      return true;
    });
  });
}

const NO_SERVER = "openMongo throws StoreUnavailable without the password if no server answers";
Deno.test(NO_SERVER, DRIVER_LOOKS, async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  await rejects(openMongo(`mongodb://user:hunter2@127.0.0.1:${port}`), (error: Error) => {
    ok(error instanceof StoreUnavailable);
    match(error.message, new RegExp(`127.0.0.1:${port}`));
    doesNotMatch(Deno.inspect(error, { depth: 20 }), /hunter2/);
    return true;
  });
});

const url = mongoUrl();
if (url !== undefined) {
  Deno.test("stores throw StoreUnavailable while the server is away, and work again after", async (t) => {
    const { mongo: direct, db, close } = await freshDatabase(url);
    const collection = { db, coll: "file_entries" };
    await ensureLakeIndices(direct, collection);
    const { host = "", port = 0 } = direct.client.options.hosts[0] ?? {};
    const proxy = new Proxy({ hostname: host, port });
    const mongo = await openMongo(`mongodb://127.0.0.1:${proxy.port}/?directConnection=true`);
    const lake = new MongoLake(mongo, collection);
    const store = new MongoInstances(mongo, { db, coll: "instances" });
    const one: Attribute = { itype: "attribute", sub_type: "a", data: 1n, _hash: "1".repeat(64) };
    const two = { ...one, _hash: "2".repeat(64) };
    const claim = () => lake.claim({ owner: "o", limit: 1, lease: 60, now: 1000 });
    const held = { id: "1".repeat(24), owner: "o", attempts: 1, entry: {} };
    const never = new AbortController().signal;

    await t.step("everything works at first", async () => {
      await store.put([one]);
      deepEqual(await claim(), []);
      await lake.waitForWork(100, never);
    });

    await proxy.cut();
    const calls: [string, () => Promise<unknown>][] = [
      ["claim", claim],
      ["settle", () => lake.settle([{ claim: held, outcome: { state: "SUCCESS", ref: "r" } }])],
      ["renew", () => lake.renew([held], 2000)],
      ["put of one", () => store.put([two])],
      ["put in a transaction", () => store.put([one, two])],
      ["atomically", () => store.atomically((inner) => inner.get([one._hash]))],
      ["all", () => Array.fromAsync(store.all())],
    ];
    await t.step("everything fails", async () => {
      const start = performance.now();
      await Promise.all(calls.map(([what, call]) => rejects(call(), StoreUnavailable, what)));
      const ms = performance.now() - start;
      ok(ms < 12_000, String(ms));
    });

    await t.step("waitForWork only waits while the server is away", async () => {
      const start = performance.now();
      await lake.waitForWork(300, never);
      const ms = performance.now() - start;
      ok(ms >= 290 && ms < 1000, `${ms} ms`);
    });

    await t.step("waitForWork notices work once the server is back", async () => {
      const waited = lake.waitForWork(30_000, never);
      proxy.mend();
      await new MongoLake(direct, collection).submit([
        {
          name: "n",
          orgid: "o",
          timezone: "UTC",
          typetag: "t",
          timestamp: 1,
          bytes: new Uint8Array(),
        },
      ]);
      const start = performance.now();
      await waited;
      const ms = performance.now() - start;
      ok(ms < 15_000, String(ms));
      equal((await claim()).length, 1);
    });

    await t.step("everything works again", async () => {
      await store.put([one, two]);
      deepEqual(await store.missing([one._hash, two._hash]), []);
    });

    await lake.close();
    await mongo.close();
    await proxy.cut();
    await close();
  });
}
