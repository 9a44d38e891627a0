import { deepEqual, equal, match, rejects } from "../assert.ts";
import { fileURLToPath } from "node:url";
import { MongoClient } from "mongodb";
import { ensureIndices } from "../../lib/mongo/indices.ts";
import { MongoInstances } from "../../lib/mongo/instances.ts";
import { MongoLake } from "../../lib/mongo/lake.ts";
import { collectionOf, type Mongo, openMongo } from "../../lib/mongo/open.ts";
import { attribute } from "../../lib/tahoe/attribute.ts";
import { freePort } from "../cli/free_port.ts";
import { mongoUrl } from "./server.ts";

const SCRIPT = fileURLToPath(new URL("../../.ci/mongod", import.meta.url));

const UPLOAD = {
  name: "a",
  orgid: "o",
  timezone: "UTC",
  typetag: "cowrie",
  timestamp: 1,
  bytes: Uint8Array.of(1),
};

/** Runs work as a user with these rights on a server of its own that checks them. */
async function asUser(
  actions: readonly string[],
  work: (mongo: Mongo) => Promise<void>,
): Promise<void> {
  const { stdout } = await new Deno.Command(SCRIPT, { stderr: "inherit" }).output();
  const folder = await Deno.makeTempDir({ prefix: "cybexp-rights-" });
  const port = freePort();
  const server = new Deno.Command(new TextDecoder().decode(stdout).trim(), {
    args: ["--auth", "--bind_ip", "127.0.0.1", "--port", `${port}`, "--dbpath", folder],
    stdout: "null",
  }).spawn();
  try {
    await addUser(port, actions);
    const mongo = await openMongo(`mongodb://worker:w@127.0.0.1:${port}/?authSource=admin`);
    await work(mongo).finally(() => mongo.close());
  } finally {
    server.kill("SIGKILL");
    await server.status;
    await Deno.remove(folder, { recursive: true });
  }
}

async function addUser(port: number, actions: readonly string[]): Promise<void> {
  const open = (user = "") => new MongoClient(`mongodb://${user}127.0.0.1:${port}/`);
  const first = open();
  await first.db("admin").command({ createUser: "root", pwd: "r", roles: ["root"] });
  await first.close();
  const root = open("root:r@");
  const privileges = [{ resource: { db: "d", collection: "" }, actions }];
  await root.db("admin").command({ createRole: "worker", privileges, roles: [] });
  await root.db("admin").command({ createUser: "worker", pwd: "w", roles: ["worker"] });
  await root.close();
}

if (mongoUrl() !== undefined) {
  Deno.test("a lake and an archive work for a user who may not create indices", async () => {
    await asUser(["find", "insert", "update", "remove"], async (mongo) => {
      const names = { lake: { db: "d", coll: "file_entries" }, archive: { db: "d", coll: "i" } };
      const notices = [
        ...await ensureIndices(mongo, names.lake, "entries"),
        ...await ensureIndices(mongo, names.archive, "instances"),
      ];
      match(
        notices[0]!,
        /^Cannot create the indices cybexp_waiting, .* of d\.file_entries: .* "createIndex"/,
      );
      equal(notices.length, 5);
      const lake = new MongoLake(mongo, names.lake);
      await lake.submit([UPLOAD]);
      const [claim] = await lake.claim({ owner: "w", limit: 9, lease: 9, now: 100 });
      equal(claim?.entry["name"], "a");
      await lake.waitForWork(10, AbortSignal.timeout(1000));
      await lake.close();
      const archive = new MongoInstances(mongo, names.archive);
      const one = attribute("ipv4", "192.0.2.1");
      await archive.put([one]);
      deepEqual(await archive.get([one._hash]), [one]);
    });
  });

  Deno.test("indices of earlier versions stay, with a notice, for a user who may not drop any", async () => {
    await asUser(["find", "createIndex", "listIndexes"], async (mongo) => {
      const name = { db: "d", coll: "i" };
      const documents = collectionOf(mongo, name);
      await documents.createIndex({ _cref: 1 }, { name: "cybexp_cref" });
      const [notice, ...more] = await ensureIndices(mongo, name, "instances");
      match(
        notice!,
        /^Cannot drop the indices cybexp_cref of d\.i, .* lacks the action "dropIndex"/,
      );
      deepEqual(more, []);
      const names = (await documents.indexes()).map((index) => index.name);
      deepEqual(names.filter((each) => /cref|events/.test(each!)), [
        "cybexp_cref",
        "cybexp_events",
      ]);
    });
  });

  Deno.test("a missing right is named with its collection and action", async () => {
    await asUser(["find"], async (mongo) => {
      const lake = new MongoLake(mongo, { db: "d", coll: "file_entries" });
      await rejects(lake.submit([UPLOAD]), {
        message: /^MongoDB refuses insert on d\.fs\.\w+: .* Grant the action "insert" there/,
      });
      await rejects(lake.reopen({}), {
        message: /^MongoDB refuses update on d\.file_entries: .* Grant the action "update" there/,
      });
      await lake.close();
    });
  });
}
