import { deepEqual, equal, ok } from "../assert.ts";
import type { Document } from "mongodb";
import { MongoInbox } from "../../lib/mongo/inbox.ts";
import { ensureInstanceIndices } from "../../lib/mongo/indices.ts";
import { MongoInstances } from "../../lib/mongo/instances.ts";
import { attribute } from "../../lib/tahoe/attribute.ts";
import { ask, claimOne, LATER, NOW, READY } from "../suites/inbox/fixtures.ts";
import { freshDatabase, mongoUrl } from "./server.ts";

const url = mongoUrl();

Deno.test({
  name:
    "every command that changes one instance names its hash, the shard key; inserts are unordered",
  ignore: url === undefined,
  async fn() {
    const { mongo, db, close } = await freshDatabase(url!);
    const collection = { db, coll: "instance" };
    try {
      await ensureInstanceIndices(mongo, collection);
      await mongo.client.db(db).command({ profile: 2 });
      await putAndEdit(new MongoInstances(mongo, collection));
      const inserts = await mongo.client.db(db).collection("system.profile").find({ op: "insert" })
        .toArray();
      deepEqual(inserts.map(({ command }) => command.ordered), [false]);
      await answerQuery(new MongoInbox(mongo, collection));
      await mongo.client.db(db).command({ profile: 0 });
      const profile = await mongo.client.db(db).collection("system.profile").find().toArray();
      const filters = profile.flatMap(({ command }) => singleFilter(command));
      deepEqual(filters.filter(({ _hash }) => typeof _hash !== "string"), []);
      const commands = new Set(
        profile.filter(({ command }) => singleFilter(command).length > 0).map(
          ({ op, command }) => "findAndModify" in command ? "findAndModify" : op,
        ),
      );
      deepEqual([...commands].toSorted(), ["findAndModify", "update"]);
      ok(filters.length > 20, String(filters.length));
    } finally {
      await close();
    }
  },
});

/** The filter of a command that changes at most one document. */
function singleFilter({ q, multi, limit, findAndModify, query }: Document): Document[] {
  if (findAndModify !== undefined) return [query];
  return q !== undefined && multi !== true && limit !== 0 ? [q] : [];
}

async function putAndEdit(instances: MongoInstances): Promise<void> {
  const [one, other] = [attribute("ipv4", "192.0.2.1"), attribute("ipv4", "192.0.2.2")];
  await instances.put([one]);
  await instances.put(Array.from({ length: 50 }, (_, i) => attribute("filename", `${i}`)));
  await instances.replace(one._hash, one);
  await instances.replace(one._hash, other);
  await instances.remove(other._hash);
}

async function answerQuery(inbox: MongoInbox): Promise<void> {
  await ask(inbox, 1);
  const first = await claimOne(inbox);
  deepEqual(await inbox.renew([first], NOW + 100), []);
  await inbox.giveBack([first], "again", NOW);
  equal((await inbox.finish(await claimOne(inbox, LATER), READY))?._hash, first.id);
}
