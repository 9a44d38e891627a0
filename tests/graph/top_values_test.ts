import { deepEqual, ok } from "../assert.ts";
import fc from "fast-check";
import type { EventFilter, Graph } from "../../lib/graph/graph.ts";
import { topLatestValues, topValues } from "../../lib/graph/top_values.ts";
import { sleep } from "../../lib/sleep.ts";
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

Deno.test("topLatestValues counts what visible events hold, whatever that is", async () => {
  const sqlite = openSqlite(":memory:");
  try {
    const store = new SqliteInstances(sqlite, COLLECTION);
    const graph = new SqliteGraph(sqlite, COLLECTION);
    for (let number = 0; number < 60; number++) {
      const members = [
        ASKED,
        attribute("url", `http://${number % 20}.example/`),
        attribute("port", BigInt(number % 3)),
      ];
      const orgid = number < 40 ? "o" : "p";
      await store.put([...members, event("sighting", members, { orgid, timestamp: number })]);
    }
    const filter: EventFilter = { orgids: ["o"], start: 10, end: 99, category: "all" };
    const { values, ...found } = await topLatestValues(graph, { filter, limit: 5 });
    deepEqual(found, { counted: 30, complete: true });
    deepEqual(values.map(({ events }) => events), [30, 10, 10, 10, 2]);
    deepEqual(values[0], { subType: "ipv4", data: ASKED.data, events: 30 });
    const ports = await topLatestValues(graph, { filter, limit: 5, subType: "port" });
    deepEqual(ports.values.map(({ data }) => Number(data)).toSorted(), [0, 1, 2]);
    const hidden = await topLatestValues(graph, { filter: { ...filter, orgids: [] }, limit: 5 });
    deepEqual(hidden, { values: [], counted: 0, complete: true });
  } finally {
    await sqlite.close();
  }
});

/** A store without end, of events that all hold one thing; each step takes some milliseconds. */
function endless(eventsEach: number, ms: number) {
  const state = { steps: 0 };
  const latestEvents = async () => {
    state.steps++;
    if (ms > 0) await sleep(ms);
    return { references: Array.from({ length: eventsEach }, () => ["a"]), next: "1" };
  };
  const graph = { latestEvents, get: () => Promise.resolve([]) };
  return { state, graph };
}

const ANY: EventFilter = { orgids: ["o"], start: 0, end: 9, category: "all" };

Deno.test("topLatestValues stops after ten thousand events", async () => {
  const { state, graph } = endless(1500, 0);
  const { counted, complete } = await topLatestValues(graph, { filter: ANY, limit: 5 }, 600);
  deepEqual([counted, complete, state.steps], [10_500, false, 7]);
});

Deno.test("topLatestValues stops after a second where a user sees few of many events", async () => {
  const { graph } = endless(0, 50);
  const start = performance.now();
  const { counted, complete } = await topLatestValues(graph, { filter: ANY, limit: 5 });
  deepEqual([counted, complete], [0, false]);
  ok(performance.now() - start < 5000, String(performance.now() - start));
});
