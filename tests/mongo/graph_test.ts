import { deepEqual, equal, ok } from "node:assert/strict";
import type { EventFilter, HolderFilter } from "../../lib/graph/graph.ts";
import { MongoGraph } from "../../lib/mongo/graph.ts";
import { ensureInstanceIndices } from "../../lib/mongo/indices.ts";
import { MongoInstances } from "../../lib/mongo/instances.ts";
import { collectionOf } from "../../lib/mongo/open.ts";
import { graphSuite } from "../suites/graph_suite.ts";
import { event, hash } from "../suites/instances/fixtures.ts";
import type { OpenGraph } from "../suites/open_graph.ts";
import { reportsSuite } from "../suites/reports_suite.ts";
import { freshDatabase, mongoUrl } from "./server.ts";

const held: HolderFilter = { hash: hash("a"), context: "all" };
const filter: EventFilter = {
  orgids: ["o", "p"],
  start: -Infinity,
  end: Infinity,
  category: "all",
};

const url = mongoUrl();
if (url !== undefined) {
  const open = async () => {
    const { mongo, db, close } = await freshDatabase(url);
    const place = { db, coll: "instance" };
    await ensureInstanceIndices(mongo, place);
    const documents = collectionOf(mongo, place);
    const store = new MongoInstances(mongo, place);
    return { mongo, place, documents, store, graph: new MongoGraph(mongo, place), close };
  };
  const openGraph: OpenGraph = open;

  graphSuite("MongoGraph", openGraph);
  reportsSuite("MongoGraph", openGraph, { runs: 10 });

  Deno.test("MongoGraph reads of a hub no more than the page", async () => {
    const { mongo, place, documents, store, graph, close } = await open();
    try {
      // All at the same moment: only the index tells their order.
      await store.put(
        Array.from(
          { length: 2000 },
          (_, number) =>
            event(hash(number), [held.hash], { orgid: number % 2 ? "o" : "p", timestamp: 5 }),
        ),
      );
      const { db } = place;
      await mongo.client.db(db).command({ profile: 2 });
      await graph.countHolders(held, filter);
      await graph.holders(held, filter, { skip: 30, limit: 11 });
      await mongo.client.db(db).command({ profile: 0 });
      const profile = await mongo.client.db(db).collection("system.profile")
        .find({ ns: documents.namespace, op: { $in: ["query", "command"] } }).sort({ ts: 1 })
        .toArray();
      deepEqual(profile.map(({ docsExamined }) => docsExamined), [0, 11]);
      ok(profile[1]!["keysExamined"] < 50);
      equal(profile[1]!["hasSortStage"] ?? false, false);
    } finally {
      await close();
    }
  });

  Deno.test("MongoGraph gives an event once that is stored twice, and misses none", async () => {
    const { documents, graph, close } = await open();
    try {
      await documents.dropIndexes();
      const stored = Array.from(
        { length: 12 },
        (_, number) => event(hash(number), [held.hash], { orgid: "o", timestamp: 5 }),
      );
      await documents.insertMany([...stored, ...stored].map((each) => ({ ...each })));
      const found = await graph.holders(held, filter, { skip: 0, limit: 11 });
      deepEqual(found.map(({ _hash }) => _hash), stored.slice(0, 11).map(({ _hash }) => _hash));
      const hashes = stored.map(({ _hash }) => _hash);
      equal((await graph.events(hashes, filter)).length, 12);
      equal((await graph.visible(hashes, ["o"])).length, 12);
      equal((await graph.holders(held, filter, { skip: 20, limit: 11 })).length, 2);
    } finally {
      await close();
    }
  });
}
