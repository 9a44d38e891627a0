import { deepEqual, equal, notEqual, ok } from "../assert.ts";
import fc from "fast-check";
import { threatRank } from "../../lib/graph/threatrank.ts";
import { DECAYS, WORLDS } from "./arbitrary_world.ts";
import { MemoryEdges } from "./memory_edges.ts";
import { allPaths, oracleRank } from "./oracle.ts";
import { assertClose, assertEvidence, GENEROUS } from "./threatrank_assertions.ts";
import { type EventSketch, hashOfNumber, NOW, visibleEvents, worldFrom } from "./world.ts";

const ORGIDS = ["org", "other"];
const ASKED = hashOfNumber("e", 0);

function rankOf(sketches: readonly EventSketch[], options = {}) {
  const edges = new MemoryEdges(worldFrom(sketches));
  return threatRank(edges, ASKED, {
    orgids: ORGIDS,
    now: NOW,
    decay: 0.5,
    limits: GENEROUS,
    ...options,
  });
}

Deno.test("threatRank equals the sum of the formula over every path, and shows the heaviest", async () => {
  let reached = 0;
  await fc.assert(
    fc.asyncProperty(WORLDS, DECAYS, async (world, decay) => {
      const events = visibleEvents(world, ORGIDS);
      const options = { orgids: ORGIDS, now: NOW, decay, limits: GENEROUS };
      for (const { hash, category } of events) {
        const found = await threatRank(new MemoryEdges(world), hash, options);
        assertClose(found?.rank, oracleRank(events, hash, options));
        deepEqual(found?.flags, []);
        equal(found?.bounds, undefined);
        assertEvidence(
          found!,
          category === "malicious" ? [] : allPaths(events, hash, options),
        );
        if (found!.paths.length > 0) reached++;
      }
    }),
    { seed: 1, numRuns: 2000 },
  );
  ok(reached > 1500, String(reached));
});

const LIMITS = fc.record({
  maxEvents: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constant(1e6)),
  maxEdges: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constant(1e6)),
  maxWedges: fc.oneof(fc.integer({ min: 0, max: 50 }), fc.constant(1e6)),
  deadline: fc.constantFrom(0, 60, 60, 60),
});

Deno.test("threatRank under any limits is exact, or has the true rank within its bounds", async () => {
  const met = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(WORLDS, DECAYS, LIMITS, async (world, decay, limits) => {
      const events = visibleEvents(world, ORGIDS);
      for (const { hash } of events) {
        const options = { orgids: ORGIDS, now: NOW, decay, limits };
        const found = (await threatRank(new MemoryEdges(world), hash, options))!;
        const exact = oracleRank(events, hash, options);
        const { least, most } = found.bounds ?? { least: found.rank, most: found.rank };
        ok(least * (1 + 1e-12) <= exact && exact <= most * (1 - 1e-12), String(exact));
        ok(least <= found.rank && found.rank <= most, String(found.rank));
        if (found.bounds !== undefined) ok(found.flags.length > 0, hash);
        for (const flag of found.flags) {
          met.set(flag, (met.get(flag) ?? 0) + (found.bounds === undefined ? 0 : 1));
        }
      }
    }),
    { seed: 2, numRuns: 2000 },
  );
  for (const flag of ["truncated", "bounded", "deadline"]) {
    ok(met.get(flag)! > 50, JSON.stringify([...met]));
  }
});

Deno.test("threatRank does not find events that are hidden, unknown or without a finite time", async () => {
  const attributes = [0];
  const bystander: EventSketch = { attributes, category: "malicious" };
  notEqual(await rankOf([{ attributes }, bystander]), undefined);
  equal(await rankOf([{ attributes, orgid: "hidden" }, bystander]), undefined);
  equal(await rankOf([{ attributes, age: Infinity }, bystander]), undefined);
  equal(await rankOf([]), undefined);
  equal(await rankOf([{ attributes }], { orgids: [] }), undefined);
});

Deno.test("threatRank of a malicious event is -1, without paths", async () => {
  const found = await rankOf([
    { attributes: [0], category: "malicious" },
    { attributes: [0], category: "malicious" },
  ]);
  deepEqual(found, { rank: -1, flags: [], paths: [] });
});

const EXAMPLES: readonly [what: string, sketches: readonly EventSketch[], rank: number][] = [
  ["without attributes", [{ attributes: [] }], 0],
  ["alone", [{ attributes: [0] }], 0],
  ["beside a harmless event", [{ attributes: [0] }, { attributes: [0] }], 0],
  [
    "beside a malicious one",
    [{ attributes: [0] }, { attributes: [0], category: "malicious" }],
    -1 / 2,
  ],
  [
    "beside one that is a day old and has two attributes",
    [{ attributes: [0] }, { attributes: [0, 1], category: "malicious", age: 1.5 }],
    -1 / 8,
  ],
  [
    "beside one in the future",
    [{ attributes: [0] }, { attributes: [0], category: "malicious", age: -3 }],
    -1 / 2,
  ],
  [
    "beside one with an object, which does not count",
    [{ attributes: [0] }, { attributes: [0], objects: [0], category: "malicious" }],
    -1 / 2,
  ],
  [
    "beside one that shares an object only",
    [{ attributes: [0], objects: [0] }, { attributes: [1], objects: [0], category: "malicious" }],
    0,
  ],
  [
    "beside a hidden one, which does not count in degrees",
    [
      { attributes: [0] },
      { attributes: [0], category: "malicious", orgid: "hidden" },
      { attributes: [0], category: "malicious" },
    ],
    -1 / 2,
  ],
  [
    "six hops away",
    [
      { attributes: [0] },
      { attributes: [0, 1] },
      { attributes: [1, 2] },
      { attributes: [2], category: "malicious" },
    ],
    -(2 ** -5),
  ],
  [
    "eight hops away",
    [
      { attributes: [0] },
      { attributes: [0, 1] },
      { attributes: [1, 2] },
      { attributes: [2, 3] },
      { attributes: [3], category: "malicious" },
    ],
    0,
  ],
  [
    "linked to three malicious ones by one attribute each",
    [0, 1, 2, 3].map((i) => ({
      attributes: i === 0 ? [1, 2, 3] : [i],
      category: i === 0 ? "unknown" : "malicious",
    })),
    -3 / 2,
  ],
];

for (const [what, sketches, rank] of EXAMPLES) {
  Deno.test(`threatRank of an event ${what} is ${rank}`, async () => {
    ok(Object.is((await rankOf(sketches))?.rank, rank));
  });
}

Deno.test("threatRank labels paths, which start at the malicious event, and gives their shares", async () => {
  const found = await rankOf([
    { attributes: [0, 1] },
    { attributes: [0], category: "malicious" },
    { attributes: [1, 2, 3], category: "malicious" },
  ]);
  const label = (hash: string) => hash.startsWith("e") ? "sighting=event" : "ipv4=attribute";
  const nodes = (...hashes: string[]) => hashes.map((hash) => ({ hash, label: label(hash) }));
  const [e1, e2] = [1, 2].map((i) => hashOfNumber("e", i)) as [string, string];
  const [a0, a1] = [0, 1].map((i) => hashOfNumber("a", i)) as [string, string];
  deepEqual(found?.paths.map(({ nodes }) => nodes), [
    nodes(e1, a0, ASKED),
    nodes(e2, a1, ASKED),
  ]);
  deepEqual(found?.paths.map(({ weight }) => weight), [1 / 2, 1 / 6]);
  deepEqual(found?.paths.map(({ share }) => share), [3 / 4, 1 / 4]);
});

Deno.test("threatRank orders equally heavy paths by their hashes, starting at the asked event", async () => {
  const found = await rankOf(
    Array.from({ length: 13 }, (_, i) => ({
      attributes: [(i * 7) % 13 % 3],
      category: i === 0 ? "unknown" : "malicious",
    })),
  );
  const paths = found!.paths.map(({ nodes }) => nodes.map(({ hash }) => hash).reverse().join());
  deepEqual(paths, paths.toSorted());
  ok(paths.length > 3, String(paths.length));
});
