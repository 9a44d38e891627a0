import { deepEqual, equal } from "node:assert/strict";
import fc from "fast-check";
import type { EventFilter, HolderFilter, Verdict } from "../../lib/graph/graph.ts";
import type { Event, Hash } from "../../lib/tahoe/instance.ts";
import { assertSame, attribute, event, hash, object, raw, session } from "./instances/fixtures.ts";
import type { OpenGraph } from "./open_graph.ts";
import { testOn } from "./test_on.ts";

const asked = hash("a");
const held: HolderFilter = { hash: asked, context: "all" };
const everything: EventFilter = {
  orgids: ["o", "p"],
  start: -Infinity,
  end: Infinity,
  category: "all",
};
const FIRST = { skip: 0, limit: 10 };

/** An event of organisation `o` that holds what is asked for. */
function holder(number: number, fields: Partial<Event> = {}): Event {
  return event(hash(number), [asked, hash("b")], { orgid: "o", timestamp: 100, ...fields });
}

function hashesOf(events: readonly Event[]): Hash[] {
  return events.map(({ _hash }) => _hash);
}

/** What every `Graph` must do, registered as tests. */
export function graphSuite(name: string, open: OpenGraph): void {
  const test = testOn(name, open);

  test("countHolders and holders go by the context", async ({ store, graph }) => {
    await store.put([
      holder(1),
      holder(2, { _ben_ref: [asked], _mal_ref: [hash("b")] }),
      holder(3, { _mal_ref: [asked] }),
      holder(4, { _ben_ref: [hash("b")] }),
      event(hash(5), [hash("b")], { orgid: "o" }),
      event(hash(6), [], { orgid: "o", _cref: [asked] }),
      session(hash(7), [asked]),
      object(hash(8), [asked]),
    ]);
    const wanted: [Verdict, number[]][] = [
      ["all", [1, 2, 3, 4]],
      ["benign", [2]],
      ["malicious", [3]],
      ["unknown", [1, 4]],
    ];
    for (const [context, numbers] of wanted) {
      const chosen = { hash: asked, context };
      equal(await graph.countHolders(chosen, everything), numbers.length, context);
      const found = await graph.holders(chosen, everything, FIRST);
      deepEqual(hashesOf(found), numbers.map(hash), context);
    }
  });

  test("an event put again counts under its new contexts and category", async ({ store, graph }) => {
    await store.put([holder(1), holder(2, { category: "benign" })]);
    const malicious = { _mal_ref: [asked], category: "malicious" } as const;
    await store.put([holder(1, { ...malicious, orgid: "p", timestamp: 5 }), holder(2, malicious)]);
    const seen: HolderFilter = { hash: asked, context: "malicious" };
    for (const category of ["malicious", "benign"] as const) {
      const filter = { ...everything, orgids: ["o"], start: 100, category };
      const found = await graph.holders(seen, filter, FIRST);
      deepEqual(hashesOf(found), [hash(category === "malicious" ? 1 : 2)]);
      equal(await graph.countHolders(seen, filter), 1);
    }
    equal(await graph.countHolders(seen, { ...everything, category: "unknown" }), 0);
    equal(await graph.countHolders(held, everything), 2);
  });

  test("holders of an object are the events that have it anywhere", async ({ store, graph }) => {
    await store.put([
      object(asked, [hash("c")]),
      event(hash(1), [hash("d"), asked, hash("c")], { orgid: "o", _cref: [hash("d")] }),
    ]);
    equal(await graph.countHolders(held, everything), 1);
    equal((await graph.holders({ ...held, hash: hash("c") }, everything, FIRST)).length, 1);
  });

  test("the filter holds for counts, pages and look-ups", async ({ store, graph }) => {
    const stored = [
      holder(1, { timestamp: 100, category: "benign" }),
      holder(2, { timestamp: 200, category: "malicious" }),
      holder(3, { timestamp: 200, category: "unknown", orgid: "p" }),
      holder(4, { timestamp: 300, orgid: "q" }),
      holder(5, { timestamp: -5.5 }),
    ];
    await store.put([...stored, attribute(hash(6)), raw(hash(7), { orgid: "o" })]);
    const asked = Array.from({ length: 9 }, (_, number) => hash(number));
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
      const filter = { ...everything, ...fields };
      const label = JSON.stringify(fields);
      equal(await graph.countHolders(held, filter), numbers.length, label);
      deepEqual(hashesOf(await graph.holders(held, filter, FIRST)), numbers.map(hash), label);
      const events = await graph.events([...asked, hash(1)], filter);
      assertSame(events, stored.filter(({ _hash }) => numbers.map(hash).includes(_hash)));
    }
  });

  test("a time that is no finite number is in no range, and visible", async ({ store, graph }) => {
    const stored = [NaN, Infinity, -Infinity, Number.MAX_VALUE, -Number.MAX_VALUE].map(
      (timestamp, number) => holder(number, { timestamp }),
    );
    await store.put(stored);
    const hashes = hashesOf(stored);
    for (const filter of [everything, { ...everything, end: 0 }, { ...everything, start: 0 }]) {
      const finite = stored.slice(3).filter(({ timestamp }) =>
        timestamp >= filter.start && timestamp <= filter.end
      );
      equal(await graph.countHolders(held, filter), finite.length);
      deepEqual(hashesOf(await graph.holders(held, filter, FIRST)), hashesOf(finite));
      assertSame(await graph.events(hashes, filter), finite);
    }
    deepEqual((await graph.visible(hashes, ["o"])).toSorted(), hashes);
  });

  test("holders come newest first, equally old ones by hash, page by page", async (opened) => {
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
    assertSame(await graph.holders(held, everything, FIRST), wanted.slice(0, 10));
    for (const limit of [1, 7, 40]) {
      for (let skip = 0; skip <= wanted.length; skip += limit) {
        const found = await graph.holders(held, everything, { skip, limit });
        deepEqual(hashesOf(found), hashesOf(wanted.slice(skip, skip + limit)));
      }
    }
    const last = { skip: Number.MAX_SAFE_INTEGER * 10, limit: 11 };
    deepEqual(await graph.holders(held, everything, last), []);
  });

  test("organisations are told apart, whatever they are called", async ({ store, graph }) => {
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
      const filter = { ...everything, orgids: [orgid] };
      deepEqual(hashesOf(await graph.holders(held, filter, FIRST)), [hash(number)]);
      deepEqual(hashesOf(await graph.events(hashes, filter)), [hash(number)]);
      deepEqual(await graph.visible(hashes, [orgid]), [hash(number)]);
    }
  });

  test("visible and events know events only", async ({ store, graph }) => {
    const stored = [attribute(hash(1)), session(hash(2), [hash(4)]), raw(hash(3), { orgid: "o" })];
    await store.put([...stored, holder(4), holder(5, { orgid: "q" })]);
    const hashes = [1, 2, 3, 4, 5, 6].map(hash);
    deepEqual(await graph.visible([...hashes, ...hashes], ["o"]), [hash(4)]);
    deepEqual(hashesOf(await graph.events(hashes, everything)), [hash(4)]);
    deepEqual(await graph.visible(hashes, []), []);
    deepEqual(await graph.visible([], ["o"]), []);
    deepEqual(await graph.events([], everything), []);
  });

  test("sessionsOf gives each session of the events once", async ({ store, graph }) => {
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
    // Its `_cref` alone has it.
    deepEqual(await sessions("c"), []);
    deepEqual(await sessions(), []);
  });

  test("get gives what is there, each once", async ({ store, graph }) => {
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

  test("an empty archive has nothing", async ({ graph }) => {
    equal(await graph.countHolders(held, everything), 0);
    deepEqual(await graph.holders(held, everything, FIRST), []);
    deepEqual(await graph.sessionsOf([asked]), []);
    deepEqual(await graph.visible([asked], ["o"]), []);
  });

  test("thousands of hashes are answered at once", async ({ store, graph }) => {
    const stored = Array.from({ length: 3000 }, (_, number) => holder(number));
    await store.put([...stored, session(hash("ff"), hashesOf(stored))]);
    equal((await graph.visible(hashesOf(stored), ["o"])).length, 3000);
    equal((await graph.events(hashesOf(stored), everything)).length, 3000);
    deepEqual(await graph.sessionsOf(hashesOf(stored)), [hash("ff")]);
    equal(await graph.countHolders(held, everything), 3000);
  });

  test("counts, pages and look-ups are those of a plain search", async ({ store, graph }) => {
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
        const holding = chosen.filter(({ _ref, _ben_ref, _mal_ref }) => {
          const context = _ben_ref.includes(held.hash)
            ? "benign"
            : _mal_ref.includes(held.hash)
            ? "malicious"
            : "unknown";
          return _ref.includes(held.hash) && ["all", context].includes(held.context);
        });
        equal(await graph.countHolders(held, filter), holding.length);
        assertSame(await graph.holders(held, filter, { skip: 0, limit: 1000 }), holding);
      }),
      { numRuns: 50 },
    );
  });
}

const verdicts = ["benign", "malicious", "unknown"] as const;
const times = [NaN, Infinity, -Infinity, -1, 0, 1, 1.5, 2];
const someRefs = fc.subarray([asked, hash("b"), hash("c")]);
const someEvents = fc.array(
  fc.tuple(someRefs, fc.subarray([asked, hash("b")]), fc.boolean()).chain((
    [_ref, marked, benign],
  ) =>
    fc.record({
      orgid: fc.constantFrom("o", "p", "q"),
      timestamp: fc.constantFrom(...times),
      category: fc.constantFrom(...verdicts),
      _ref: fc.constant(_ref),
      [benign ? "_ben_ref" : "_mal_ref"]: fc.constant(marked.filter((one) => _ref.includes(one))),
    })
  ),
  { minLength: 150, maxLength: 150 },
);
const someHeld: fc.Arbitrary<HolderFilter> = fc.record({
  hash: fc.constantFrom(asked, hash("b"), hash("c")),
  context: fc.constantFrom("all", ...verdicts),
});
const someFilter: fc.Arbitrary<EventFilter> = fc.record({
  orgids: fc.subarray(["o", "p", "q"]),
  start: fc.constantFrom(-Infinity, -1, 0, 1, 2, Infinity),
  end: fc.constantFrom(-Infinity, -1, 1, 1.5, 2, Infinity),
  category: fc.constantFrom("all", ...verdicts),
});
