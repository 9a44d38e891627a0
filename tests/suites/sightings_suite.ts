import { deepEqual, equal } from "../assert.ts";
import fc from "fast-check";
import type { EventFilter } from "../../lib/graph/graph.ts";
import type { Sightings } from "../../lib/graph/sightings.ts";
import type { Event, Hash, Instance } from "../../lib/tahoe/instance.ts";
import { collect } from "./open_instances.ts";
import { event, hash, object, session } from "./instances/fixtures.ts";
import type { OpenGraph } from "./open_graph.ts";
import { ARCHIVES, FILTERS } from "./reports/arbitrary_archive.ts";
import { matchingEvents } from "./reports/oracle.ts";
import { testOn } from "./test_on.ts";

const [A, B, C] = [hash("a"), hash("b"), hash("c")];
const EVERYTHING: EventFilter = {
  orgids: ["o", "p"],
  start: -Infinity,
  end: Infinity,
  category: "all",
};
const NOTHING: Sightings = {
  held: [],
  events: 0,
  benign: 0,
  malicious: 0,
  unknown: 0,
  first: null,
  last: null,
  orgids: [],
};

function holder(number: number, held: readonly Hash[], fields: Partial<Event> = {}): Event {
  return event(hash(number), held, { orgid: "o", timestamp: 100, ...fields });
}

/** Registers tests of `Graph.sightings`, on `runs` random archives among others. */
export function sightingsSuite(name: string, open: OpenGraph, { runs }: { runs: number }): void {
  const test = testOn(name, open);

  test("sightings count an event once that holds several of a group", async ({ store, graph }) => {
    await store.put([
      holder(1, [A, B], { timestamp: 100, category: "malicious" }),
      holder(2, [A, C], { timestamp: 300, category: "benign", orgid: "p" }),
      holder(3, [B], { timestamp: 200 }),
      holder(4, [A], { timestamp: 400, orgid: "hidden" }),
      object(hash(5), [A]),
      session(hash(6), [A]),
    ]);
    const [D] = [hash("d")];
    deepEqual(await graph.sightings([[B, A], [A], [D, C], [D], []], EVERYTHING), [
      {
        held: [B, A],
        events: 3,
        benign: 1,
        malicious: 1,
        unknown: 1,
        first: 100,
        last: 300,
        orgids: ["o", "p"],
      },
      {
        held: [A],
        events: 2,
        benign: 1,
        malicious: 1,
        unknown: 0,
        first: 100,
        last: 300,
        orgids: ["o", "p"],
      },
      {
        held: [C],
        events: 1,
        benign: 1,
        malicious: 0,
        unknown: 0,
        first: 300,
        last: 300,
        orgids: ["p"],
      },
      NOTHING,
      NOTHING,
    ]);
  });

  test("sightings of equal groups, and of equal hashes in a group, are the same", async (opened) => {
    const { store, graph } = opened;
    await store.put([holder(1, [A]), holder(2, [A, B], { timestamp: -5.5 })]);
    const wanted = {
      ...NOTHING,
      held: [A],
      events: 2,
      unknown: 2,
      first: -5.5,
      last: 100,
      orgids: ["o"],
    };
    for (const found of await graph.sightings([[A, A], [A], [A, hash("d"), A]], EVERYTHING)) {
      deepEqual(found, wanted);
    }
    deepEqual(await graph.sightings([], EVERYTHING), []);
  });

  test("sightings show nothing of hidden events, or of times out of range", async (opened) => {
    const { store, graph } = opened;
    await store.put([
      holder(1, [A], { timestamp: NaN }),
      holder(2, [A], { timestamp: Infinity }),
      holder(3, [A], { orgid: "" }),
      holder(4, [A], { timestamp: 50 }),
    ]);
    const sightings = async (filter: Partial<EventFilter>) =>
      (await graph.sightings([[A]], { ...EVERYTHING, ...filter }))[0]!;
    equal((await sightings({})).events, 1);
    deepEqual(await sightings({ orgids: [] }), NOTHING);
    deepEqual(await sightings({ orgids: ["none"] }), NOTHING);
    deepEqual((await sightings({ orgids: ["", "none", ""] })).orgids, [""]);
    deepEqual(await sightings({ start: 51 }), NOTHING);
    deepEqual(await sightings({ end: 49 }), NOTHING);
    deepEqual(await sightings({ category: "benign" }), NOTHING);
  });

  test("an empty archive has no sightings", async ({ graph }) => {
    deepEqual(await graph.sightings([[A], [A, B]], EVERYTHING), [NOTHING, NOTHING]);
  });

  test("thousands of groups are accepted in one call", async ({ store, graph }) => {
    await store.put(Array.from({ length: 3000 }, (_, number) => holder(number, [hash(number)])));
    const groups = Array.from({ length: 3000 }, (_, number) => [hash(number), hash(`f${number}`)]);
    const found = await graph.sightings(groups, EVERYTHING);
    equal(found.filter(({ events }) => events === 1).length, 3000);
  });

  test("sightings agree with single counts and a plain search", async ({ store, graph }) => {
    await fc.assert(
      fc.asyncProperty(ARCHIVES, someGroups, FILTERS, async (archive, picks, filter) => {
        for (const { _hash } of await collect(store.all())) await store.remove(_hash);
        await store.put(archive);
        const groups = picks.map((pick) => pick.map((at) => archive[at % archive.length]!._hash));
        const found = await graph.sightings(groups, filter);
        deepEqual(found, groups.map((group) => sightingsOf(archive, group, filter)));
        for (const [number, group] of groups.entries()) {
          const held = { hashes: group, context: "all" } as const;
          equal(found[number]!.events, await graph.countHolders(held, filter));
        }
      }),
      { numRuns: runs },
    );
  });
}

const someGroups = fc.array(fc.array(fc.nat(30), { minLength: 1, maxLength: 3 }), { maxLength: 8 });

/** What the question's words say, by a plain search. */
function sightingsOf(
  archive: readonly Instance[],
  group: readonly Hash[],
  filter: EventFilter,
): Sightings {
  const found = group.flatMap((each) =>
    matchingEvents(archive, { hashes: [each], context: "all" }, filter)
  );
  const events = [...new Set(found)];
  const judged = (wanted: string) => events.filter(({ category }) => category === wanted).length;
  const times = events.map(({ timestamp }) => timestamp).sort((a, b) => a - b);
  const held = new Set(events.flatMap(({ _ref }) => _ref));
  return {
    held: [...new Set(group)].filter((each) => held.has(each)),
    events: events.length,
    benign: judged("benign"),
    malicious: judged("malicious"),
    unknown: judged("unknown"),
    first: times[0] ?? null,
    last: times.at(-1) ?? null,
    orgids: [...new Set(events.map(({ orgid }) => orgid))].sort(),
  };
}
