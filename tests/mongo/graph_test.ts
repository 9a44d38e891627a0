import { deepEqual, equal, ok } from "../assert.ts";
import type { EventFilter, HolderFilter } from "../../lib/graph/graph.ts";
import { MongoGraph } from "../../lib/mongo/graph.ts";
import { ensureInstanceIndices } from "../../lib/mongo/indices.ts";
import { MongoInstances } from "../../lib/mongo/instances.ts";
import { collectionOf } from "../../lib/mongo/open.ts";
import { graphSuite } from "../suites/graph_suite.ts";
import { event, hash } from "../suites/instances/fixtures.ts";
import type { OpenGraph } from "../suites/open_graph.ts";
import { reportsSuite } from "../suites/reports_suite.ts";
import { sightingsSuite } from "../suites/sightings_suite.ts";
import { freshDatabase, mongoUrl } from "./server.ts";

const HELD: HolderFilter = { hashes: [hash("a")], context: "all" };
const FILTER: EventFilter = {
  orgids: ["o", "p"],
  start: -Infinity,
  end: Infinity,
  category: "all",
};

const url = mongoUrl();
if (url !== undefined) {
  const open = async () => {
    const { mongo, db, close } = await freshDatabase(url);
    const collection = { db, coll: "instance" };
    await ensureInstanceIndices(mongo, collection);
    const documents = collectionOf(mongo, collection);
    const store = new MongoInstances(mongo, collection);
    return { mongo, collection, documents, store, graph: new MongoGraph(mongo, collection), close };
  };
  const openGraph: OpenGraph = open;

  graphSuite("MongoGraph", openGraph);
  reportsSuite("MongoGraph", openGraph, { runs: 10 });
  sightingsSuite("MongoGraph", openGraph, { runs: 10 });

  Deno.test("MongoGraph reads only the documents of the page of a hub", async () => {
    const { mongo, collection, documents, store, graph, close } = await open();
    try {
      // All events have the same time, so their order comes from the index alone.
      await store.put(
        Array.from(
          { length: 2000 },
          (_, number) =>
            event(hash(number), [...HELD.hashes], { orgid: number % 2 ? "o" : "p", timestamp: 5 }),
        ),
      );
      const { db } = collection;
      await mongo.client.db(db).command({ profile: 2 });
      await graph.countHolders(HELD, FILTER);
      await graph.timeSpan(HELD, FILTER);
      await graph.countByTime(HELD, FILTER, [0, 5, 6]);
      await graph.holders(HELD, FILTER, { skip: 30, limit: 11 });
      await mongo.client.db(db).command({ profile: 0 });
      const profile = await mongo.client.db(db).collection("system.profile")
        .find({ ns: documents.namespace, op: { $in: ["query", "command"] } }).sort({ ts: 1 })
        .toArray();
      deepEqual(profile.map(({ docsExamined }) => docsExamined), [0, 0, 0, 11]);
      ok(profile[3]!["keysExamined"] < 50, String(profile[3]!["keysExamined"]));
      equal(profile[3]!["hasSortStage"] ?? false, false);
    } finally {
      await close();
    }
  });

  Deno.test("MongoGraph returns an event once that is stored twice, and misses none", async () => {
    const { documents, graph, close } = await open();
    try {
      await documents.dropIndexes();
      const stored = Array.from(
        { length: 12 },
        (_, number) => event(hash(number), [...HELD.hashes], { orgid: "o", timestamp: 5 }),
      );
      await documents.insertMany([...stored, ...stored].map((each) => ({ ...each })));
      const found = await graph.holders(HELD, FILTER, { skip: 0, limit: 11 });
      deepEqual(found.map(({ _hash }) => _hash), stored.slice(0, 11).map(({ _hash }) => _hash));
      const hashes = stored.map(({ _hash }) => _hash);
      equal((await graph.events(hashes, FILTER)).length, 12);
      equal((await graph.visibleEvents(hashes, ["o"])).length, 12);
      equal((await graph.holders(HELD, FILTER, { skip: 20, limit: 11 })).length, 2);
    } finally {
      await close();
    }
  });
}
