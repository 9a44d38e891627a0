import { deepEqual, equal } from "../assert.ts";
import fc from "fast-check";
import type {
  EdgeChunk,
  EdgeFollower,
  EdgeSource,
  HashOrBytes,
} from "../../lib/graph/edge_follower.ts";
import type { EdgeEvent, Edges } from "../../lib/graph/edges.ts";
import { ResidentRanks } from "../../lib/graph/resident_ranks.ts";
import { threatRank } from "../../lib/graph/threatrank.ts";
import { deleteInstance, edit } from "../../lib/tahoe/edit.ts";
import type { Hash, Instance } from "../../lib/tahoe/instance.ts";
import type { InstanceStore } from "../../lib/tahoe/instances.ts";
import { WORLDS } from "../graph/arbitrary_world.ts";
import { assertClose, GENEROUS } from "../graph/threatrank_assertions.ts";
import { digits } from "../digits.ts";
import { NOW, toDocuments } from "../graph/world.ts";
import { attribute as makeAttribute } from "../../lib/tahoe/attribute.ts";
import { event as makeEvent } from "../../lib/tahoe/event.ts";
import { object as makeObject } from "../../lib/tahoe/object.ts";
import { attribute, event, hash, object, raw, session } from "./instances/fixtures.ts";
import { collect } from "./open_instances.ts";
import { testOn } from "./test_on.ts";

/** Opens an empty store, and its graph; `close` removes everything. */
export type OpenEdgeSource = () => Promise<
  { store: InstanceStore; edges: Edges & EdgeSource; close(): Promise<void> }
>;

const ORGIDS = ["org", "other"];

/** Registers tests of what every `EdgeSource` must do, and of ranks from copies of its graph. */
export function edgeFollowerSuite(name: string, open: OpenEdgeSource): void {
  const test = testOn(name, open);
  const [a, b] = [hash("a"), hash("b")];

  test("read yields events of all organisations, and objects, each once", async ({ store, edges }) => {
    const first = event(hash(1), [a, b], { orgid: "o", timestamp: 100.25, category: "malicious" });
    await store.put([attribute(a), object(b, [a]), first, session(hash(8), [a]), raw(hash(9), {})]);
    await using follower = follow(edges);
    deepEqual(await readAll(follower), {
      events: [
        { hash: hash(1), orgid: "o", timestamp: 100.25, category: "malicious", references: [a, b] },
      ],
      objects: [b],
    });
    deepEqual(await readAll(follower), { events: [], objects: [] });
    await store.put([event(hash(2), [a], { orgid: "p" }), object(hash(3), [a])]);
    await store.put([session(hash(8), [a, hash(2)]), raw(hash(9), { _ref: [hash(2)] })]);
    const news = await readAll(follower);
    deepEqual(news === "changed" ? news : news.events.map((event) => event.hash), [hash(2)]);
    deepEqual(news === "changed" ? news : news.objects, [hash(3)]);
    await store.put([first, attribute(a), object(b, [a])]);
    deepEqual(await readAll(follower), { events: [], objects: [] });
  });

  test("read yields events and objects whose hashes are other strings", async ({ store, edges }) => {
    await store.put([object(b, [a]), event(hash(1), [a, b], { orgid: "o" })]);
    await store.put([object("odd", [a]), event("strange", ["odd", b], { orgid: "o" })]);
    await using follower = follow(edges);
    const all = await readAll(follower);
    if (all === "changed") throw new Error("changed");
    deepEqual(
      all.events.map((event) => [event.hash, event.references]).toSorted(),
      [[hash(1), [a, b]], ["strange", ["odd", b]]].toSorted(),
    );
    deepEqual(all.objects.toSorted(), [b, "odd"].toSorted());
  });

  test("read yields thousands, but no events at times that are not finite", async ({ store, edges }) => {
    const many = Array.from({ length: 2600 }, (_, i) => event(hash(i), [a], { orgid: "o" }));
    const objects = Array.from({ length: 4100 }, (_, i) => object(hash(10_000 + i), [a]));
    const timeless = [NaN, Infinity, -Infinity].map((timestamp, i) =>
      event(hash(5000 + i), [a], { timestamp })
    );
    await store.put([...many, ...timeless, ...objects]);
    await using follower = follow(edges);
    const all = await readAll(follower);
    if (all === "changed") throw new Error("changed");
    equal(new Set(all.events.map((event) => event.hash)).size, 2600);
    equal(new Set(all.objects).size, 4100);
  });

  const CHANGES: readonly [string, (store: InstanceStore) => Promise<unknown>][] = [
    ["gets a category", (store) => store.put([event(hash(1), [a], { category: "malicious" })])],
    ["is removed", (store) => store.remove(hash(1))],
    ["is replaced", (store) => store.replace(hash(1), event(hash(1), [a, b]))],
    ["is replaced by another", (store) => store.replace(hash(1), event(hash(2), [a]))],
    ["and all others are removed", (store) => store.removeAll([hash(1), hash(2)])],
  ];
  for (const [what, change] of CHANGES) {
    test(`read tells that an event ${what}`, async ({ store, edges }) => {
      await store.put([event(hash(1), [a], { category: "unknown" })]);
      await using follower = follow(edges);
      await readAll(follower);
      await change(store);
      equal(await readAll(follower), "changed");
      await using next = follow(edges);
      const { events } = await readAll(next) as ReadEdges;
      equal(events.length, what.includes("removed") ? 0 : 1);
    });
  }

  test("ResidentRanks equal those of neighbourhoods after every change", async ({ store, edges }) => {
    const ranks = new ResidentRanks(edges, {
      decay: 0.5,
      followsChanges: true,
      maxBytes: 1e9,
      hubEvents: 3,
    });
    await fc.assert(
      fc.asyncProperty(WORLDS, fc.nat(), async (world, seed) => {
        for (const { _hash } of await collect(store.all())) await store.remove(_hash);
        await ranks.build();
        const documents = toDocuments(world);
        const parts = [documents.slice(0, seed % documents.length), documents];
        for (const part of parts) {
          await store.put(part);
          await assertSameRanks(ranks, edges, documents);
        }
        await store.remove(world.events[seed % world.events.length]!.hash);
        await assertSameRanks(ranks, edges, documents);
      }),
      { seed: 4, numRuns: 15 },
    );
    await ranks.close();
  });

  test("ResidentRanks see edits and deletions", async ({ store, edges }) => {
    const [x, y, z] = ["x", "y", "z"].map((data) => makeAttribute("ipv4", data));
    const file = makeObject("file", [y!]);
    const asked = makeEvent("sighting", [x!], { orgid: "org", timestamp: NOW });
    const other = { ...makeEvent("sighting", [x!, file], { orgid: "org", timestamp: NOW }) };
    const malicious: Instance = { ...other, category: "malicious" };
    const documents: Instance[] = [x!, y!, file, asked, malicious];
    await store.put(documents);
    const ranks = new ResidentRanks(edges, { decay: 0.5, followsChanges: true, maxBytes: 1e9 });
    await ranks.build();
    await assertSameRanks(ranks, edges, documents);
    const longer = await edit(store, malicious._hash, { add: z! });
    equal(await ranks.rank(asked._hash, QUESTION), undefined);
    await ranks.build();
    await assertSameRanks(ranks, edges, [...documents, longer]);
    const larger = await edit(store, file._hash, { add: makeAttribute("port", 1n) });
    equal(await ranks.rank(asked._hash, QUESTION), undefined);
    await ranks.build();
    await assertSameRanks(ranks, edges, [...documents, longer, larger]);
    await deleteInstance(store, asked._hash);
    equal(await ranks.rank(asked._hash, QUESTION), undefined);
    await ranks.build();
    deepEqual(await ranks.rank(asked._hash, QUESTION), { found: undefined });
    await ranks.close();
  });

  test("ResidentRanks keep no more than they may", async ({ store, edges }) => {
    await store.put([event(hash(1), [a], { orgid: "org" })]);
    const ranks = new ResidentRanks(edges, { decay: 0.5, followsChanges: true, maxBytes: 1000 });
    const { fault } = await ranks.build();
    equal(fault, "too_large");
    equal(await ranks.rank(hash(1), QUESTION), undefined);
  });
}

const QUESTION = { orgids: ORGIDS, now: NOW, evidence: true };

/** Asserts that every event has the same rank and evidence from memory, if that is ready. */
async function assertSameRanks(
  ranks: ResidentRanks,
  edges: Edges,
  documents: readonly Instance[],
): Promise<void> {
  for (const { _hash, itype } of documents) {
    if (itype !== "event") continue;
    let kept = await ranks.rank(_hash, QUESTION);
    if (kept === undefined) {
      await ranks.build();
      kept = await ranks.rank(_hash, QUESTION);
    }
    const loaded = await threatRank(edges, _hash, { ...QUESTION, decay: 0.5, limits: GENEROUS });
    equal(kept?.found === undefined, loaded === undefined);
    if (loaded === undefined) continue;
    assertClose(kept?.found?.rank, loaded.rank);
    const pathsOf = ({ paths }: typeof loaded) =>
      paths.map(({ nodes }) => nodes.map(({ hash }) => hash));
    deepEqual(pathsOf(kept!.found!), pathsOf(loaded));
  }
}

/** A follower, and the hashes that it asked the numbers of, by number. */
type Followed = AsyncDisposable & { readonly follower: EdgeFollower; readonly hashes: Hash[] };

function follow(edges: EdgeSource): Followed {
  const hashes: Hash[] = [];
  const numberOf = (reference: HashOrBytes) => {
    const hash = digits(reference);
    if (!hashes.includes(hash)) hashes.push(hash);
    return hashes.indexOf(hash);
  };
  const follower = edges.follow({ changes: true, numberOf });
  return { follower, hashes, [Symbol.asyncDispose]: () => follower.close() };
}

/** What a follower reads, with the hashes of references in place of their numbers. */
type ReadEdges = {
  readonly events: readonly (EdgeEvent & { readonly orgid: string })[];
  readonly objects: readonly Hash[];
};

async function readAll({ follower, hashes }: Followed): Promise<ReadEdges | "changed"> {
  const chunks = await collect(follower.read());
  if (chunks.includes("changed")) return "changed";
  const all = chunks as EdgeChunk[];
  const toHashes = (numbers: readonly number[]) => numbers.map((number) => hashes[number]!);
  return {
    events: all.flatMap(({ events }) => events)
      .map((event) => ({
        ...event,
        hash: digits(event.hash),
        references: toHashes(event.references),
      })),
    objects: toHashes(all.flatMap(({ objects }) => objects)),
  };
}
