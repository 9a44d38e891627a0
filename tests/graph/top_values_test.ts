import { deepEqual } from "../assert.ts";
import fc from "fast-check";
import type { EventFilter, Graph } from "../../lib/graph/graph.ts";
import { topValues } from "../../lib/graph/top_values.ts";
import { openSqlite } from "../../lib/sqlite/open.ts";
import { SqliteGraph } from "../../lib/sqlite/graph.ts";
import { SqliteInstances } from "../../lib/sqlite/instances.ts";
import { attribute } from "../../lib/tahoe/attribute.ts";
import { event } from "../../lib/tahoe/event.ts";

const ASKED = attribute("ipv4", "203.0.113.7");
const COLLECTION = { db: "tahoe_db", coll: "instance" };

Deno.test("topValues counts what visible events hold, too", async () => {
  const events = fc.array(
    fc.record({
      orgid: fc.constantFrom("o", "p"),
      time: fc.nat(50),
      urls: fc.uniqueArray(fc.nat(6), { maxLength: 4 }),
      ports: fc.uniqueArray(fc.nat(3), { maxLength: 2 }),
      isAsked: fc.boolean(),
    }),
    { maxLength: 20 },
  );
  await fc.assert(
    fc.asyncProperty(events, async (given) => {
      const sqlite = openSqlite(":memory:");
      try {
        const store = new SqliteInstances(sqlite, COLLECTION);
        const graph: Graph = new SqliteGraph(sqlite, COLLECTION);
        const counts = new Map<string, number>();
        for (const [index, { orgid, time, urls, ports, isAsked }] of given.entries()) {
          const own = attribute("session_id", `of ${index}`);
          const links = urls.map((number) => attribute("url", `http://${number}.example/`));
          const numbers = ports.map((number) => attribute("port", BigInt(number)));
          const members = [...(isAsked ? [ASKED] : []), own, ...links, ...numbers];
          await store.put([...members, event("sighting", members, { orgid, timestamp: time })]);
          if (!isAsked || orgid !== "o" || time < 10) continue;
          for (const { data } of links) {
            counts.set(String(data), (counts.get(String(data)) ?? 0) + 1);
          }
        }
        const filter: EventFilter = { orgids: ["o"], start: 10, end: Infinity, category: "all" };
        const asked = {
          attributes: [{ subType: "ipv4", data: ASKED.data }],
          context: "all",
        } as const;
        const { values } = await topValues(graph, asked, { filter, limit: 99, subType: "url" });
        deepEqual(new Map(values.map(({ data, events }) => [String(data), events])), counts);
        const order = values.map(({ events }) => events);
        deepEqual(order, order.toSorted((a, b) => b - a));
      } finally {
        await sqlite.close();
      }
    }),
    { numRuns: 30 },
  );
});
