import { deepEqual, equal } from "node:assert/strict";
import fc from "fast-check";
import type { EdgeEvent, Edges, InstanceName } from "../../lib/graph/edges.ts";
import { threatRank } from "../../lib/graph/threatrank.ts";
import { attribute as tahoeAttribute } from "../../lib/tahoe/attribute.ts";
import type { Event, Hash, Instance } from "../../lib/tahoe/instance.ts";
import type { InstanceStore } from "../../lib/tahoe/instances.ts";
import { parseJson } from "../../lib/tahoe/json.ts";
import type { Fields } from "../../lib/tahoe/value.ts";
import { decays, worlds } from "../graph/arbitrary_world.ts";
import { MemoryEdges } from "../graph/memory_edges.ts";
import { allPaths, oracleRank } from "../graph/oracle.ts";
import { assertClose, assertEvidence, generous } from "../graph/threatrank_assertions.ts";
import { documents, now, visible, worldOf } from "../graph/world.ts";
import { readVectors } from "../vectors.ts";
import { attribute, event, hash, object, raw, session } from "./instances/fixtures.ts";
import { collect } from "./open_instances.ts";
import { testOn } from "./test_on.ts";

/** Opens an empty store, and the same as ThreatRank walks it; `close` takes away all in it. */
export type OpenEdges = () => Promise<
  { store: InstanceStore; edges: Edges; close(): Promise<void> }
>;

const NOTHING: ReadonlySet<Hash> = new Set();
const GRAPHS = ["lockheed_martin", "random300", "small", "threatrank_graph", "unicode"];

/** What every `Edges` must do, registered as tests. */
export function edgesSuite(name: string, open: OpenEdges): void {
  const test = testOn(name, open);
  const [a, b, c] = [hash("a"), hash("b"), hash("c")];
  const seen = (i: number, fields: Partial<Event> = {}, references = [a, b]) =>
    event(hash(i), references, { orgid: "o", timestamp: 100.25, ...fields });

  test("event gives an event of the organisations", async ({ store, edges }) => {
    await store.put([seen(1, { category: "malicious" }), seen(2, { orgid: "p" }), attribute(a)]);
    const wanted: EdgeEvent = {
      hash: hash(1),
      timestamp: 100.25,
      category: "malicious",
      references: [a, b],
    };
    deepEqual(await edges.event(hash(1), ["n", "o"]), wanted);
    for (const [asked, orgids] of [[2, ["o"]], [1, []], [3, ["o"]]] as const) {
      equal(await edges.event(hash(asked), orgids), undefined);
    }
    equal(await edges.event(a, ["o"]), undefined);
  });

  test("holders gives each event that holds any of the attributes", async ({ store, edges }) => {
    await store.put([
      seen(1),
      seen(2, { category: "benign" }, [b]),
      seen(3, {}, [c]),
      seen(4, { orgid: "p" }),
      seen(5, { orgid: "q" }),
      seen(6, { _cref: [a] }, []),
      object(hash(7), [a]),
      session(hash(8), [a]),
      raw(hash(9), { _ref: [a] }),
    ]);
    const found = await holders(edges, [a, b], ["o", "p"]);
    deepEqual([...found.keys()].toSorted(), [1, 2, 4].map(hash));
    deepEqual(found.get(hash(2)), {
      hash: hash(2),
      timestamp: 100.25,
      category: "benign",
      references: [b],
    });
    deepEqual((await holders(edges, [a, b], [])).size, 0);
    deepEqual((await holders(edges, [], ["o"])).size, 0);
    deepEqual((await holders(edges, [hash("d")], ["o"])).size, 0);
  });

  test("holders leaves out what is known", async ({ store, edges }) => {
    await store.put([seen(1), seen(2)]);
    const found = await holders(edges, [a, b], ["o"], new Set([hash(1)]));
    deepEqual([...found.keys()], [hash(2)]);
  });

  test("events whose time is no finite number have no part", async ({ store, edges }) => {
    const times = [NaN, Infinity, -Infinity, Number.MAX_VALUE, -Number.MAX_VALUE, -0];
    await store.put(times.map((timestamp, i) => seen(i, { timestamp })));
    const found = await holders(edges, [a], ["o"]);
    deepEqual([...found.keys()].toSorted(), [3, 4, 5].map(hash));
    for (const [i, timestamp] of times.entries()) {
      equal((await edges.event(hash(i), ["o"]))?.timestamp, i < 3 ? undefined : timestamp);
    }
  });

  test("holders goes through thousands, and can be left early", async ({ store, edges }) => {
    const many = Array.from({ length: 2500 }, (_, i) => hash(i));
    await store.put(many.map((_hash, i) => event(_hash, [a, hash(`f${i}`)], { orgid: "o" })));
    equal((await holders(edges, [a], ["o"])).size, 2500);
    const own = many.map((_, i) => hash(`f${i}`));
    deepEqual([...(await holders(edges, own, ["o"])).keys()].toSorted(), many);
    for await (const events of edges.holders([a], ["o"], NOTHING)) {
      equal(events.length < 2500, true);
      break;
    }
  });

  test("objects tells objects from all else", async ({ store, edges }) => {
    const objects = Array.from({ length: 1500 }, (_, i) => hash(i));
    await store.put([attribute(a), seen(5000), ...objects.map((_hash) => object(_hash, [a]))]);
    const found = await edges.objects([a, b, hash(5000), ...objects]);
    deepEqual(found.toSorted(), objects);
    deepEqual(await edges.objects([]), []);
  });

  test("names gives the types of what is there, and the data of short attributes", async ({ store, edges }) => {
    const long = tahoeAttribute("body", "x".repeat(1000));
    const named = [9007199254740993n, 1.5, true, null, "\u{1f600}"].map((data) =>
      tahoeAttribute("value", data)
    );
    await store.put([long, ...named, seen(1)]);
    deepEqual(
      await edges.names([long, ...named, seen(1), seen(2)].map(({ _hash }) => _hash)),
      new Map<Hash, InstanceName>([
        [long._hash, { label: "body=attribute" }],
        ...named.map(({ _hash, data }) => [_hash, { label: "value=attribute", data }] as const),
        [hash(1), { label: "sighting=event" }],
      ]),
    );
  });

  test("threatRank over it equals that over memory, on random graphs", async ({ store, edges }) => {
    await fc.assert(
      fc.asyncProperty(worlds, decays, async (world, decay) => {
        for (const { _hash } of await collect(store.all())) await store.remove(_hash);
        await store.put(documents(world));
        const options = { orgids: ["org", "other"], now, decay, limits: generous };
        const memory = new MemoryEdges(world);
        for (const { hash } of world.events) {
          const found = await threatRank(edges, hash, options);
          const wanted = await threatRank(memory, hash, options);
          equal(found === undefined, wanted === undefined);
          if (found !== undefined) assertClose(found.rank, wanted!.rank);
        }
      }),
      { seed: 3, numRuns: 30 },
    );
  });

  for (const graph of GRAPHS) {
    test(`threatRank is what the formula says in the vectors' ${graph}`, async ({ store, edges }) => {
      const instances = parseLines(await readVectors(`reports/${graph}/tahoe.jsonl`));
      const { now }: { now: number } = JSON.parse(await readVectors(`reports/${graph}/cases.json`));
      await store.put(instances);
      const world = worldOf(instances);
      const everybody = [...new Set(world.events.map(({ orgid }) => orgid))];
      for (const orgids of [everybody, everybody.slice(0, 1)]) {
        const options = { orgids, now, decay: 0.998, limits: generous };
        const events = visible(world, orgids);
        for (const { hash, category } of events) {
          const found = (await threatRank(edges, hash, options))!;
          const paths = category === "malicious" ? [] : allPaths(events, hash, options);
          assertClose(found.rank, oracleRank(events, hash, options));
          assertEvidence(found, paths);
        }
      }
    });
  }
}

async function holders(
  edges: Edges,
  attributes: readonly Hash[],
  orgids: readonly string[],
  known = NOTHING,
): Promise<Map<Hash, EdgeEvent>> {
  const found = (await collect(edges.holders(attributes, orgids, known))).flat();
  return new Map(found.map((event) => [event.hash, event]));
}

/** The documents without the `_id` that MongoDB gave them. */
function parseLines(text: string): Instance[] {
  return text.trimEnd().split("\n").map((line) => {
    const { _id, ...instance } = parseJson(line) as Fields;
    return instance as unknown as Instance;
  });
}
