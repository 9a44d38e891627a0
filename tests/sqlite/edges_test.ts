import { ok } from "../assert.ts";
import { SqliteEdges } from "../../lib/sqlite/edges.ts";
import { SqliteInstances } from "../../lib/sqlite/instances.ts";
import { openSqlite } from "../../lib/sqlite/open.ts";
import { attribute } from "../../lib/tahoe/attribute.ts";
import { event } from "../../lib/tahoe/event.ts";
import { edgeFollowerSuite } from "../suites/edge_follower_suite.ts";
import { edgesSuite } from "../suites/edges_suite.ts";

const COLLECTION = { db: "tahoe_db", coll: "instance" };

async function open() {
  const sqlite = await Promise.resolve(openSqlite(":memory:"));
  return {
    store: new SqliteInstances(sqlite, COLLECTION),
    edges: new SqliteEdges(sqlite, COLLECTION),
    close: () => sqlite.close(),
  };
}

edgesSuite("SqliteEdges", open);

for (const events of [0, 10, 400, 700, 1000, 1400]) {
  Deno.test(`SqliteEdges estimates the size of a graph of ${events} events`, async () => {
    const { store, edges, close } = await open();
    const instances = Array.from({ length: events }, (_, number) => {
      const seen = [0, 1].map((kind) => attribute("url", `${number} ${kind}`));
      return [...seen, event("sighting", seen, { orgid: "o", timestamp: number })];
    });
    await store.put(instances.flat());
    const size = await edges.estimateSize();
    ok(Math.abs(size - events) <= events / 10, String(size));
    await close();
  });
}

edgeFollowerSuite("SqliteEdges", open);
