import { deepEqual, equal } from "../assert.ts";
import fc from "fast-check";
import type { EventFilter, HolderFilter, StoredEvent, Verdict } from "../../lib/graph/graph.ts";
import type { Event, Hash } from "../../lib/tahoe/instance.ts";
import { Damaged } from "../../lib/tahoe/instances.ts";
import { assertSame, attribute, event, hash, object, raw, session } from "./instances/fixtures.ts";
import type { OpenGraph } from "./open_graph.ts";
import { testOn } from "./test_on.ts";

const ASKED = hash("a");
const HELD: HolderFilter = { hashes: [ASKED], context: "all" };
const EVERYTHING: EventFilter = {
  orgids: ["o", "p"],
  start: -Infinity,
  end: Infinity,
  category: "all",
};
const FIRST = { skip: 0, limit: 10 };

/** Makes an event of organisation `o` that holds the asked attribute. */
function holder(number: number, fields: Partial<Event> = {}): Event {
  return event(hash(number), [ASKED, hash("b")], { orgid: "o", timestamp: 100, ...fields });
}

function hashesOf(events: readonly Event[]): Hash[] {
  return events.map(({ _hash }) => _hash);
}

/** Hashes of events that can all be read. */
function readable(stored: readonly StoredEvent[]): Hash[] {
  return stored.map(({ event }) => event instanceof Damaged ? event.reason : event._hash);
}

/** Registers tests of what every `Graph` must do. */
export function graphSuite(name: string, open: OpenGraph): void {
  const test = testOn(name, open);

  test("countHolders and holders select by context", async ({ store, graph }) => {
    await store.put([
      holder(1),
      holder(2, { _ben_ref: [ASKED], _mal_ref: [hash("b")] }),
      holder(3, { _mal_ref: [ASKED] }),
      holder(4, { _ben_ref: [hash("b")] }),
      event(hash(5), [hash("b")], { orgid: "o" }),
      event(hash(6), [], { orgid: "o", _cref: [ASKED] }),
      session(hash(7), [ASKED]),
      object(hash(8), [ASKED]),
    ]);
    const wanted: [Verdict, number[]][] = [
      ["all", [1, 2, 3, 4]],
      ["benign", [2]],
      ["malicious", [3]],
      ["unknown", [1, 4]],
    ];
    for (const [context, numbers] of wanted) {
      const chosen = { hashes: [ASKED], context };
      equal(await graph.countHolders(chosen, EVERYTHING), numbers.length, context);
      const found = await graph.holders(chosen, EVERYTHING, FIRST);
      deepEqual(hashesOf(found), numbers.map(hash), context);
    }
  });

  test("eventsBetween returns events in the order in which they were stored", async ({ store, graph }) => {
    const ofP = [3, 6].map((number) => holder(number, { orgid: "p" }));
    const ofO = [5, 1, 4, 2].map((number) => holder(number, { timestamp: -number }));
    for (const each of [ofO[0]!, ofP[0]!, object(hash(8), [ASKED]), ...ofO.slice(1), ofP[1]!]) {
      await store.put([each]);
    }
    const all = await graph.eventsBetween(["o"], { after: "", limit: 99 });
    deepEqual(readable(all), hashesOf(ofO));
    deepEqual(all.map(({ serial }) => serial), all.map(({ serial }) => serial).sort());
    const serials = all.map(({ serial }) => serial);
    const hashesIn = async (after: string, until: string | undefined, limit = 99) => {
      const range = { after, ...(until !== undefined && { until }), limit };
      return readable(await graph.eventsBetween(["o"], range));
    };
    deepEqual(await hashesIn(serials[0]!, undefined, 2), [1, 4].map(hash));
    deepEqual(await hashesIn(serials[0]!, serials[2]), [1, 4].map(hash));
    deepEqual(await hashesIn(serials[3]!, undefined), []);
    deepEqual(await hashesIn("", serials[0]), [5].map(hash));
    // A client goes on with the serial of another backend: everything is new to it here.
    const other = serials[0]!.length === 24 ? "9".repeat(16) : "f".repeat(24);
    deepEqual(await hashesIn(other, undefined), hashesOf(ofO));
    deepEqual(await graph.eventsBetween([], { after: "", limit: 99 }), []);
    // Changing an event does not move it.
    await store.put([holder(1, { timestamp: -1, category: "malicious" })]);
    equal(readable(await graph.eventsBetween(["o"], { after: "", limit: 99 }))[1], hash(1));
  });

  test("isHeldBetween finds holders by when they were stored", async ({ store, graph }) => {
    const malicious = { orgid: "o", category: "malicious" } as const;
    const [other, second] = [hash("d"), hash("e")];
    await store.put([event(hash(1), [ASKED, other], { orgid: "o", timestamp: 9 })]);
    await store.put([event(hash(2), [ASKED], { orgid: "p", timestamp: 1 })]);
    await store.put([event(hash(3), [ASKED, second], { ...malicious, timestamp: 5 })]);
    const all = await graph.eventsBetween(["o", "p"], { after: "", limit: 9 });
    const serials = ["", ...all.map(({ serial }) => serial)];
    const isHeld = (
      of: Hash,
      [after, until]: [number, number],
      filter: Partial<EventFilter> = {},
    ) =>
      graph.isHeldBetween(
        { hashes: [of], context: "all" },
        { ...EVERYTHING, ...filter },
        { after: serials[after]!, until: serials[until]! },
      );
    equal(await isHeld(other, [0, 1]), true);
    equal(await isHeld(other, [1, 3]), false);
    equal(await isHeld(second, [0, 2]), false);
    equal(await isHeld(second, [2, 3]), true);
    equal(await isHeld(ASKED, [1, 2], { orgids: ["o"] }), false);
    equal(await isHeld(ASKED, [0, 2], { category: "malicious" }), false);
    equal(await isHeld(ASKED, [0, 3], { category: "malicious" }), true);
    equal(await isHeld(hash("f"), [0, 3]), false);
  });

  test("latestEvents returns what the last events hold, step by step", async ({ store, graph }) => {
    const numbers = [5, 1, 4, 2, 3];
    for (const number of numbers) {
      await store.put([
        event(hash(number), [hash(number + 10), ASKED], { orgid: "o", timestamp: number }),
        event(hash(number + 20), [hash("c")], { orgid: "p", timestamp: number }),
        object(hash(number + 30), [ASKED]),
      ]);
    }
    const read = async (filter: Partial<EventFilter>, rows: number) => {
      const found: Hash[][] = [];
      let before: string | undefined;
      let steps = 0;
      do {
        const range = { ...(before !== undefined && { before }), rows };
        const { references, next } = await graph.latestEvents({ ...EVERYTHING, ...filter }, range);
        // In no particular order within a step.
        found.push(references.map(([first]) => first!).toSorted());
        before = next;
        steps++;
      } while (before !== undefined && steps < 99);
      return found.flat();
    };
    const held = (...of: number[]) => of.map((number) => hash(number + 10));
    deepEqual((await read({ orgids: ["o"] }, 1000)).toSorted(), held(...numbers).toSorted());
    deepEqual(await read({ orgids: ["o"] }, 1), held(...numbers.toReversed()));
    deepEqual(await read({ orgids: ["o"], start: 2, end: 4 }, 1), held(3, 2, 4));
    deepEqual(await read({ orgids: ["o"], category: "malicious" }, 1), []);
    deepEqual(await read({ orgids: ["x"] }, 2), []);
    deepEqual(await read({ orgids: [] }, 2), []);
    equal((await read({}, 3)).length, 10);
  });

  test("isEmpty tells whether nothing is stored", async ({ store, graph }) => {
    equal(await graph.isEmpty(), true);
    await store.put([holder(1)]);
    equal(await graph.isEmpty(), false);
  });

  test("noteAdded is before whatever is stored afterwards", async ({ store, graph }) => {
    await store.put([holder(1)]);
    const last = await graph.noteAdded(Date.now() * 1000);
    await store.put([holder(2)]);
    const later = await graph.eventsBetween(["o"], { after: last, limit: 9 });
    equal(readable(later).includes(hash(2)), true);
  });

  test("serialAt leaves out what was added up to a moment", async ({ store, graph }) => {
    equal(await graph.firstAdded(), undefined);
    for (const number of [1, 2, 3]) await store.put([holder(number)]);
    await graph.noteAdded(Date.now() * 1000);
    const all = await graph.eventsBetween(["o"], { after: "", limit: 99 });
    const times = all.map(({ added }) => added);
    equal(times.length, 3);
    deepEqual(times, times.toSorted((a, b) => a - b));
    equal((await graph.firstAdded())! <= times[0]!, true);
    for (const time of [0, times[0]! - 1, ...times, times[2]! + 1]) {
      const after = await graph.serialAt(time);
      const later = await graph.eventsBetween(["o"], { after, limit: 99 });
      const expected = all.filter(({ added }) => added > time);
      deepEqual(readable(later), readable(expected), String(time));
    }
  });

  test("an event that is put again counts under its new contexts and category", async ({ store, graph }) => {
    await store.put([holder(1), holder(2, { category: "benign" })]);
    const malicious = { _mal_ref: [ASKED], category: "malicious" } as const;
    await store.put([holder(1, { ...malicious, orgid: "p", timestamp: 5 }), holder(2, malicious)]);
    const seen: HolderFilter = { hashes: [ASKED], context: "malicious" };
    for (const category of ["malicious", "benign"] as const) {
      const filter = { ...EVERYTHING, orgids: ["o"], start: 100, category };
      const found = await graph.holders(seen, filter, FIRST);
      deepEqual(hashesOf(found), [hash(category === "malicious" ? 1 : 2)]);
      equal(await graph.countHolders(seen, filter), 1);
    }
    equal(await graph.countHolders(seen, { ...EVERYTHING, category: "unknown" }), 0);
    equal(await graph.countHolders(HELD, EVERYTHING), 2);
  });

  test("holders of an object are the events that hold it anywhere", async ({ store, graph }) => {
    await store.put([
      object(ASKED, [hash("c")]),
      event(hash(1), [hash("d"), ASKED, hash("c")], { orgid: "o", _cref: [hash("d")] }),
    ]);
    equal(await graph.countHolders(HELD, EVERYTHING), 1);
    equal((await graph.holders({ ...HELD, hashes: [hash("c")] }, EVERYTHING, FIRST)).length, 1);
  });

  test("the filter applies to counts, pages and look-ups", async ({ store, graph }) => {
    const stored = [
      holder(1, { timestamp: 100, category: "benign" }),
      holder(2, { timestamp: 200, category: "malicious" }),
      holder(3, { timestamp: 200, category: "unknown", orgid: "p" }),
      holder(4, { timestamp: 300, orgid: "q" }),
      holder(5, { timestamp: -5.5 }),
    ];
    await store.put([...stored, attribute(hash(6)), raw(hash(7), { orgid: "o" })]);
    const hashes = Array.from({ length: 9 }, (_, number) => hash(number));
    const wanted: [Partial<EventFilter>, number[]][] = [
      [{}, [2, 3, 1, 5]],
      [{ orgids: ["o"] }, [2, 1, 5]],
      [{ orgids: ["q", "none", "q"] }, [4]],
      [{ orgids: ["none"] }, []],
      [{ orgids: [] }, []],
      [{ category: "benign" }, [1]],
      [{ category: "malicious" }, [2]],
      [{ category: "unknown" }, [3, 5]],
      [{ start: 100 }, [2, 3, 1]],
      [{ start: 100.001 }, [2, 3]],
      [{ end: 100 }, [1, 5]],
      [{ end: 99.999 }, [5]],
      [{ start: -5.5, end: 100, category: "benign" }, [1]],
      [{ start: 200, end: 100 }, []],
    ];
    for (const [fields, numbers] of wanted) {
      const filter = { ...EVERYTHING, ...fields };
      const label = JSON.stringify(fields);
      equal(await graph.countHolders(HELD, filter), numbers.length, label);
      deepEqual(hashesOf(await graph.holders(HELD, filter, FIRST)), numbers.map(hash), label);
      const events = await graph.events([...hashes, hash(1)], filter);
      assertSame(events, stored.filter(({ _hash }) => numbers.map(hash).includes(_hash)));
    }
  });

  test("an event whose time is not finite is never in range, but visible", async ({ store, graph }) => {
    const stored = [NaN, Infinity, -Infinity, Number.MAX_VALUE, -Number.MAX_VALUE].map(
      (timestamp, number) => holder(number, { timestamp }),
    );
    await store.put(stored);
    const hashes = hashesOf(stored);
    for (const filter of [EVERYTHING, { ...EVERYTHING, end: 0 }, { ...EVERYTHING, start: 0 }]) {
      const finite = stored.slice(3).filter(({ timestamp }) =>
        timestamp >= filter.start && timestamp <= filter.end
      );
      equal(await graph.countHolders(HELD, filter), finite.length);
      deepEqual(hashesOf(await graph.holders(HELD, filter, FIRST)), hashesOf(finite));
      assertSame(await graph.events(hashes, filter), finite);
    }
    deepEqual((await graph.visibleEvents(hashes, ["o"])).toSorted(), hashes);
  });

  test("holders are sorted by time, newest first, then by hash, on every page", async (opened) => {
    const { store, graph } = opened;
    const stored = Array.from({ length: 40 }, (_, number) =>
      holder((number * 17) % 40, {
        timestamp: [3, 3, 3, 2.5, -0, 0, 1e300][number % 7]!,
        orgid: ["o", "p", "q"][number % 3]!,
      }));
    await store.put(stored);
    const wanted = stored.filter(({ orgid }) => orgid !== "q").toSorted((a, b) =>
      b.timestamp - a.timestamp || (a._hash < b._hash ? -1 : 1)
    );
    assertSame(await graph.holders(HELD, EVERYTHING, FIRST), wanted.slice(0, 10));
    for (const limit of [1, 7, 40]) {
      for (let skip = 0; skip <= wanted.length; skip += limit) {
        const found = await graph.holders(HELD, EVERYTHING, { skip, limit });
        deepEqual(hashesOf(found), hashesOf(wanted.slice(skip, skip + limit)));
      }
    }
    const last = { skip: Number.MAX_SAFE_INTEGER * 10, limit: 11 };
    deepEqual(await graph.holders(HELD, EVERYTHING, last), []);
  });

  test("organisations are distinguished, whatever their names are", async ({ store, graph }) => {
    const orgids = [
      "",
      "a",
      "A",
      "a\0",
      "a\0b",
      '"',
      "\\",
      "'",
      "ä",
      "\u{1F41D}",
      "0",
      "a%",
      "\x7f",
    ];
    await store.put(orgids.map((orgid, number) => holder(number, { orgid })));
    const hashes = orgids.map((_, number) => hash(number));
    for (const [number, orgid] of orgids.entries()) {
      const filter = { ...EVERYTHING, orgids: [orgid] };
      deepEqual(hashesOf(await graph.holders(HELD, filter, FIRST)), [hash(number)]);
      deepEqual(hashesOf(await graph.events(hashes, filter)), [hash(number)]);
      deepEqual(await graph.visibleEvents(hashes, [orgid]), [hash(number)]);
    }
  });

  test("visibleEvents and events return only events", async ({ store, graph }) => {
    const stored = [attribute(hash(1)), session(hash(2), [hash(4)]), raw(hash(3), { orgid: "o" })];
    await store.put([...stored, holder(4), holder(5, { orgid: "q" })]);
    const hashes = [1, 2, 3, 4, 5, 6].map(hash);
    deepEqual(await graph.visibleEvents([...hashes, ...hashes], ["o"]), [hash(4)]);
    deepEqual(hashesOf(await graph.events(hashes, EVERYTHING)), [hash(4)]);
    deepEqual(await graph.visibleEvents(hashes, []), []);
    deepEqual(await graph.visibleEvents([], ["o"]), []);
    deepEqual(await graph.events([], EVERYTHING), []);
  });

  test("sessionsOf returns each session of the events once", async ({ store, graph }) => {
    await store.put([
      session(hash(1), [hash("e1"), hash("e2")]),
      session(hash(2), [hash("e2"), hash("e3")]),
      session(hash(3), [hash("e4")]),
      raw(hash(4), { _ref: [hash("e1")] }),
      event(hash(5), [hash("e1")]),
    ]);
    const sessions = async (...events: string[]) =>
      (await graph.sessionsOf(events.map(hash))).toSorted();
    deepEqual(await sessions("e1", "e2"), [hash(1), hash(2)]);
    deepEqual(await sessions("e3", "e9"), [hash(2)]);
    // Only the `_cref` of a session holds this hash.
    deepEqual(await sessions("c"), []);
    deepEqual(await sessions(), []);
  });

  test("get returns what is stored, each instance once", async ({ store, graph }) => {
    const stored = [
      attribute(hash(1)),
      object(hash(2), [hash(1)]),
      holder(3),
      session(hash(4), []),
    ];
    await store.put(stored);
    const hashes = [1, 2, 3, 4, 5].map(hash);
    assertSame(await graph.get([...hashes, ...hashes]), stored);
    deepEqual(await graph.get([]), []);
  });

  test("an event that holds several of the asked instances counts once", async ({ store, graph }) => {
    const [b, c] = [hash("b"), hash("c")];
    await store.put([
      holder(1, { _mal_ref: [ASKED], _ben_ref: [b] }),
      event(hash(2), [b, c], { orgid: "o", timestamp: 100, _mal_ref: [c] }),
      event(hash(3), [c], { orgid: "p", timestamp: 50 }),
      event(hash(4), [b], { orgid: "q", timestamp: 70 }),
    ]);
    const wanted: [Verdict, Hash[], number[]][] = [
      ["all", [ASKED, b, c], [1, 2, 3]],
      ["all", [ASKED, b], [1, 2]],
      ["malicious", [ASKED, b, c], [1, 2]],
      ["malicious", [b], []],
      ["benign", [b, c], [1]],
      // One of the instances is seen so, whatever the others are.
      ["unknown", [b, c], [2, 3]],
      ["unknown", [ASKED, b], [2]],
      ["all", [hash("d"), hash("e")], []],
      ["unknown", [], []],
      ["all", [], []],
    ];
    for (const [context, hashes, numbers] of wanted) {
      const held = { hashes, context };
      const label = `${context} ${hashes.length}`;
      equal(await graph.countHolders(held, EVERYTHING), numbers.length, label);
      deepEqual(hashesOf(await graph.holders(held, EVERYTHING, FIRST)), numbers.map(hash), label);
      const second = await graph.holders(held, EVERYTHING, { skip: 1, limit: 1 });
      deepEqual(hashesOf(second), numbers.slice(1, 2).map(hash), label);
    }
    deepEqual(await graph.timeSpan({ hashes: [b, c], context: "all" }, EVERYTHING), {
      first: 50,
      last: 100,
    });
    const all: HolderFilter = { hashes: [ASKED, b, c], context: "all" };
    deepEqual(await graph.countByTime(all, EVERYTHING, [0, 50, 60, 100, 200]), [0, 1, 0, 2, 0]);
    deepEqual(await graph.countByTime(all, EVERYTHING, []), []);
  });

  test("an empty archive returns nothing", async ({ graph }) => {
    equal(await graph.countHolders(HELD, EVERYTHING), 0);
    equal(await graph.timeSpan(HELD, EVERYTHING), undefined);
    deepEqual(await graph.countByTime(HELD, EVERYTHING, [0, 1]), [0, 0]);
    deepEqual(await graph.holders(HELD, EVERYTHING, FIRST), []);
    deepEqual(await graph.sessionsOf([ASKED]), []);
    deepEqual(await graph.visibleEvents([ASKED], ["o"]), []);
  });

  test("thousands of hashes are accepted in one call", async ({ store, graph }) => {
    const stored = Array.from({ length: 3000 }, (_, number) => holder(number));
    await store.put([...stored, session(hash("ff"), hashesOf(stored))]);
    equal((await graph.visibleEvents(hashesOf(stored), ["o"])).length, 3000);
    equal((await graph.events(hashesOf(stored), EVERYTHING)).length, 3000);
    deepEqual(await graph.sessionsOf(hashesOf(stored)), [hash("ff")]);
    equal(await graph.countHolders(HELD, EVERYTHING), 3000);
  });

  test("counts, pages and look-ups agree with a plain search", async ({ store, graph }) => {
    const stored = fc.sample(someEvents, { numRuns: 1, seed: 1 })[0]!.map((fields, number) =>
      holder(number, fields)
    );
    await store.put(stored);
    await fc.assert(
      fc.asyncProperty(someHeld, someFilter, async (held, filter) => {
        const chosen = stored.filter((event) =>
          filter.orgids.includes(event.orgid) && Number.isFinite(event.timestamp) &&
          event.timestamp >= filter.start && event.timestamp <= filter.end &&
          ["all", event.category].includes(filter.category)
        );
        assertSame(await graph.events(hashesOf(stored), filter), chosen);
        const holding = chosen.filter(({ _ref, _ben_ref, _mal_ref }) =>
          held.hashes.some((each) => {
            const context = _ben_ref.includes(each)
              ? "benign"
              : _mal_ref.includes(each)
              ? "malicious"
              : "unknown";
            return _ref.includes(each) && ["all", context].includes(held.context);
          })
        );
        equal(await graph.countHolders(held, filter), holding.length);
        const times = holding.map(({ timestamp }) => timestamp).toSorted((a, b) => a - b);
        const span = { first: times[0], last: times.at(-1) };
        deepEqual(await graph.timeSpan(held, filter), times.length === 0 ? undefined : span);
        deepEqual(await graph.countByTime(held, filter, [0, 1, 1.5, 1.75]), [
          times.filter((time) => time === 0).length,
          times.filter((time) => time === 1).length,
          times.filter((time) => time === 1.5).length,
          times.filter((time) => time === 2).length,
        ]);
        assertSame(await graph.holders(held, filter, { skip: 0, limit: 1000 }), holding);
      }),
      { numRuns: 50 },
    );
  });
}

const VERDICTS = ["benign", "malicious", "unknown"] as const;
const TIMES = [NaN, Infinity, -Infinity, -1, 0, 1, 1.5, 2];
const someRefs = fc.subarray([ASKED, hash("b"), hash("c")]);
const someEvents = fc.array(
  fc.tuple(someRefs, fc.subarray([ASKED, hash("b")]), fc.boolean()).chain((
    [_ref, marked, benign],
  ) =>
    fc.record({
      orgid: fc.constantFrom("o", "p", "q"),
      timestamp: fc.constantFrom(...TIMES),
      category: fc.constantFrom(...VERDICTS),
      _ref: fc.constant(_ref),
      [benign ? "_ben_ref" : "_mal_ref"]: fc.constant(marked.filter((each) => _ref.includes(each))),
    })
  ),
  { minLength: 150, maxLength: 150 },
);
const someHeld: fc.Arbitrary<HolderFilter> = fc.record({
  hashes: fc.oneof(
    fc.constantFrom([ASKED], [hash("b")], [hash("c")]),
    fc.subarray([ASKED, hash("b"), hash("c"), hash("d")]),
  ),
  context: fc.constantFrom("all", ...VERDICTS),
});
const someFilter: fc.Arbitrary<EventFilter> = fc.record({
  orgids: fc.subarray(["o", "p", "q"]),
  start: fc.constantFrom(-Infinity, -1, 0, 1, 2, Infinity),
  end: fc.constantFrom(-Infinity, -1, 1, 1.5, 2, Infinity),
  category: fc.constantFrom("all", ...VERDICTS),
});
