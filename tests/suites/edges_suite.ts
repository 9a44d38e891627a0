import { deepEqual, equal } from "../assert.ts";
import fc from "fast-check";
import type { EdgeEvent, Edges, InstanceName } from "../../lib/graph/edges.ts";
import { threatRank } from "../../lib/graph/threatrank.ts";
import { attribute as tahoeAttribute } from "../../lib/tahoe/attribute.ts";
import type { Event, Hash, Instance } from "../../lib/tahoe/instance.ts";
import type { InstanceStore } from "../../lib/tahoe/instances.ts";
import { parseJson } from "../../lib/tahoe/json.ts";
import type { Fields } from "../../lib/tahoe/value.ts";
import { DECAYS, WORLDS } from "../graph/arbitrary_world.ts";
import { MemoryEdges } from "../graph/memory_edges.ts";
import { allPaths, oracleRank } from "../graph/oracle.ts";
import { assertClose, assertEvidence, GENEROUS } from "../graph/threatrank_assertions.ts";
import { NOW, toDocuments, visibleEvents, worldOf } from "../graph/world.ts";
import { readVectors } from "../vectors.ts";
import { attribute, event, hash, object, raw, session } from "./instances/fixtures.ts";
import { collect } from "./open_instances.ts";
import { testOn } from "./test_on.ts";

/** Opens an empty store, and its view for ThreatRank; `close` removes everything. */
export type OpenEdges = () => Promise<
  { store: InstanceStore; edges: Edges; close(): Promise<void> }
>;

const NONE: ReadonlySet<Hash> = new Set();
const GRAPHS = ["lockheed_martin", "random300", "small", "threatrank_graph", "unicode"];

/** Registers tests of what every `Edges` must do. */
export function edgesSuite(name: string, open: OpenEdges): void {
  const test = testOn(name, open);
  const [a, b, c] = [hash("a"), hash("b"), hash("c")];
  const sighting = (i: number, fields: Partial<Event> = {}, references = [a, b]) =>
    event(hash(i), references, { orgid: "o", timestamp: 100.25, ...fields });

  test("event finds an event of the organisations", async ({ store, edges }) => {
    await store.put([
      sighting(1, { category: "malicious" }),
      sighting(2, { orgid: "p" }),
      attribute(a),
    ]);
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

  test("holders yields each event that holds any of the attributes", async ({ store, edges }) => {
    await store.put([
      sighting(1),
      sighting(2, { category: "benign" }, [b]),
      sighting(3, {}, [c]),
      sighting(4, { orgid: "p" }),
      sighting(5, { orgid: "q" }),
      sighting(6, { _cref: [a] }, []),
      object(hash(7), [a]),
      session(hash(8), [a]),
      raw(hash(9), { _ref: [a] }),
    ]);
    const found = await findHolders(edges, [a, b], { orgids: ["o", "p"] });
    deepEqual([...found.keys()].toSorted(), [1, 2, 4].map(hash));
    deepEqual(found.get(hash(2)), {
      hash: hash(2),
      timestamp: 100.25,
      category: "benign",
      references: [b],
    });
    deepEqual((await findHolders(edges, [a, b], { orgids: [] })).size, 0);
    deepEqual((await findHolders(edges, [], { orgids: ["o"] })).size, 0);
    deepEqual((await findHolders(edges, [hash("d")], { orgids: ["o"] })).size, 0);
  });

  test("holders leaves out events that are known", async ({ store, edges }) => {
    await store.put([sighting(1), sighting(2)]);
    const found = await findHolders(edges, [a, b], { orgids: ["o"], known: new Set([hash(1)]) });
    deepEqual([...found.keys()], [hash(2)]);
  });

  test("events whose time is not finite do not exist", async ({ store, edges }) => {
    const times = [NaN, Infinity, -Infinity, Number.MAX_VALUE, -Number.MAX_VALUE, -0];
    await store.put(times.map((timestamp, i) => sighting(i, { timestamp })));
    const found = await findHolders(edges, [a], { orgids: ["o"] });
    deepEqual([...found.keys()].toSorted(), [3, 4, 5].map(hash));
    for (const [i, timestamp] of times.entries()) {
      equal((await edges.event(hash(i), ["o"]))?.timestamp, i < 3 ? undefined : timestamp);
    }
  });

  test("holders yields thousands, and can be left early", async ({ store, edges }) => {
    const many = Array.from({ length: 2500 }, (_, i) => hash(i));
    await store.put(many.map((_hash, i) => event(_hash, [a, hash(`f${i}`)], { orgid: "o" })));
    equal((await findHolders(edges, [a], { orgids: ["o"] })).size, 2500);
    const own = many.map((_, i) => hash(`f${i}`));
    deepEqual([...(await findHolders(edges, own, { orgids: ["o"] })).keys()].toSorted(), many);
    for await (const events of edges.holders([a], ["o"], NONE)) {
      equal(events.length < 2500, true);
      break;
    }
  });

  test("objectsAmong distinguishes objects from all other instances", async ({ store, edges }) => {
    const objects = Array.from({ length: 1500 }, (_, i) => hash(i));
    await store.put([attribute(a), sighting(5000), ...objects.map((_hash) => object(_hash, [a]))]);
    const found = await edges.objectsAmong([a, b, hash(5000), ...objects]);
    deepEqual(found.toSorted(), objects);
    deepEqual(await edges.objectsAmong([]), []);
  });

  test("names returns the types of stored instances, and the data of short attributes", async ({ store, edges }) => {
    const long = tahoeAttribute("body", "x".repeat(1000));
    const named = [9007199254740993n, 1.5, true, null, "\u{1f600}"].map((data) =>
      tahoeAttribute("value", data)
    );
    await store.put([long, ...named, sighting(1)]);
    deepEqual(
      await edges.names([long, ...named, sighting(1), sighting(2)].map(({ _hash }) => _hash)),
      new Map<Hash, InstanceName>([
        [long._hash, { label: "body=attribute" }],
        ...named.map(({ _hash, data }) => [_hash, { label: "value=attribute", data }] as const),
        [hash(1), { label: "sighting=event" }],
      ]),
    );
  });

  test("threatRank equals that of MemoryEdges on random graphs", async ({ store, edges }) => {
    await fc.assert(
      fc.asyncProperty(WORLDS, DECAYS, async (world, decay) => {
        for (const { _hash } of await collect(store.all())) await store.remove(_hash);
        await store.put(toDocuments(world));
        const options = { orgids: ["org", "other"], now: NOW, decay, limits: GENEROUS };
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
    test(`threatRank agrees with the formula on the vectors' ${graph}`, async ({ store, edges }) => {
      const instances = parseLines(await readVectors(`reports/${graph}/tahoe.jsonl`));
      const { now }: { now: number } = JSON.parse(await readVectors(`reports/${graph}/cases.json`));
      await store.put(instances);
      const world = worldOf(instances);
      const everybody = [...new Set(world.events.map(({ orgid }) => orgid))];
      for (const orgids of [everybody, everybody.slice(0, 1)]) {
        const options = { orgids, now, decay: 0.998, limits: GENEROUS };
        const events = visibleEvents(world, orgids);
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

async function findHolders(
  edges: Edges,
  attributes: readonly Hash[],
  { orgids, known = NONE }: { orgids: readonly string[]; known?: ReadonlySet<Hash> },
): Promise<Map<Hash, EdgeEvent>> {
  const found = (await collect(edges.holders(attributes, orgids, known))).flat();
  return new Map(found.map((event) => [event.hash, event]));
}

/** Reads documents without the `_id` that MongoDB gave them. */
function parseLines(text: string): Instance[] {
  return text.trimEnd().split("\n").map((line) => {
    const { _id, ...instance } = parseJson(line) as Fields;
    return instance as unknown as Instance;
  });
}
