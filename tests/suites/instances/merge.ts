import { deepEqual, equal, notEqual, ok } from "../../assert.ts";
import fc from "fast-check";
import type { Event, Hash, Instance } from "../../../lib/tahoe/instance.ts";
import { MERGED_FIELDS } from "../../../lib/tahoe/instances.ts";
import { mergeInstance } from "../../../lib/tahoe/merge.ts";
import type { Fields, Value } from "../../../lib/tahoe/value.ts";
import {
  assertSame,
  attribute,
  event,
  evidence,
  exact,
  hash,
  only,
  raw,
  report,
  session,
  sortedSession,
  source,
  type Test,
} from "./fixtures.ts";

/** Instances per put: one, and more than a store writes in one step. */
const AMOUNTS = [1, 600];

export function mergeTests(test: Test): void {
  for (const amount of AMOUNTS) {
    test(`put after put, ${amount} at a time, stores what mergeInstance returns`, async ({ store }) => {
      const others = Array.from({ length: amount - 1 }, (_, i) => attribute(hash(1000 + i)));
      await fc.assert(
        fc.asyncProperty(fc.array(VARIANTS, { minLength: 2, maxLength: 8 }), async (puts) => {
          for (const each of [1, 2, 3, 4]) await store.remove(hash(each));
          const wanted = new Map<Hash, Instance>();
          for (const variant of puts) {
            const present = wanted.get(variant._hash);
            wanted.set(variant._hash, present ? mergeInstance(present, variant) : variant);
            await store.put([...others.slice(1), variant, ...others]);
          }
          const whole = [...wanted.values()].map(sortSets);
          assertSame((await store.get([...wanted.keys()])).map(sortSets), whole);
          assertSame(
            (await store.referrers(MEMBERS[0])).map(sortSets),
            whole.filter((each) => "_ref" in each && each._ref?.includes(MEMBERS[0])),
          );
        }),
        { numRuns: amount === 1 ? 40 : 5 },
      );
    });
  }

  test("put of thousands merges what comes twice as a later put would", async ({ store }) => {
    const many = Array.from({ length: 3000 }, (_, i) => attribute(hash(i)));
    const visits = [
      session(hash("d1"), [hash(1)]),
      { ...session(hash("d1"), [hash(2), hash(1)]), end_time: 2 },
    ];
    await store.put([...many, visits[0]!, ...many, visits[1]!]);
    deepEqual({ ...await store.count() }, { attribute: 3000, session: 1 });
    const found = await sortedSession(store, hash("d1"));
    assertSame([found], [{ ...visits[1]!, _ref: [hash(1), hash(2)] }]);
    assertSame(await store.referrers(hash(2)), await store.get([hash("d1")]));
  });

  test("put of 100,000 references again, and of as many new ones, is quick", async ({ store }) => {
    const references = Array.from({ length: 100_000 }, (_, i) => hash(i));
    const start = performance.now();
    for (const _ref of [references.slice(0, 50_000), references.slice(0, 50_000), references]) {
      await store.put([raw(hash("f"), { _ref })]);
    }
    // It takes minutes if every reference is compared with every other.
    const ms = performance.now() - start;
    ok(ms < 30_000, String(ms));
    deepEqual((await sortedSession(store, hash("f")))._ref, references);
    equal((await store.referrers(hash(99_999))).length, 1);
  });

  test("put of thousands by many writers at once stores each once, merged", async ({ store, again }) => {
    const handles = [store, await again(), await again()];
    const many = Array.from({ length: 3000 }, (_, i) => attribute(hash(i)));
    await Promise.all(handles.map((each, i) =>
      each.put([
        ...many.slice(i * 100),
        event(hash("e1"), [hash(1), hash(2), hash(3)], {
          _mal_ref: [hash(i + 1)],
          category: i === 1 ? "benign" : "malicious",
        }),
        session(hash("d1"), [hash(100 + i)]),
      ])
    ));
    deepEqual({ ...await store.count() }, { attribute: 3000, event: 1, session: 1 });
    const { _mal_ref, category } = await only<Event>(store, hash("e1"));
    deepEqual(_mal_ref.toSorted(), [hash(1), hash(2), hash(3)]);
    notEqual(category, "unknown");
    const { _ref } = await sortedSession(store, hash("d1"));
    deepEqual(_ref, [hash(100), hash(101), hash(102)]);
  });
}

/** The instance with its growing sets sorted. */
function sortSets(instance: Instance): Instance {
  const fields = instance as unknown as Fields;
  const sets = Object.entries(MERGED_FIELDS[instance.itype] ?? {})
    .flatMap(([name, how]) => how === "union" && name in fields ? [name] : []);
  const ordered = sets.map((name) => [
    name,
    (fields[name] as readonly Value[]).toSorted((a, b) => exact(a) < exact(b) ? -1 : 1),
  ]);
  return { ...instance, ...Object.fromEntries(ordered) };
}

const MEMBERS = [hash(11), hash(12), hash(13)] as const;
const SETS = fc.uniqueArray(fc.constantFrom(...MEMBERS));
const TIMES = fc.double();

/** Variants of one event, session, Raw and report, in which each growing field may be missing. */
const VARIANTS: fc.Arbitrary<Instance> = fc.oneof(
  fc.record({
    _ben_ref: SETS,
    _mal_ref: SETS,
    category: fc.constantFrom("unknown", "benign", "malicious"),
    timestamp: TIMES,
  }, { requiredKeys: [] }).map((fields): Event => event(hash(1), [MEMBERS[0]], fields)),
  fc.record({
    _ref: SETS,
    start_time: TIMES,
    end_time: TIMES,
    duration: fc.constantFrom("1", 1, 1n, null),
  }, { requiredKeys: ["_ref"] }).map((fields) => ({ ...session(hash(2), []), ...fields })),
  fc.record({
    _ref: SETS,
    filters: fc.uniqueArray(fc.constantFrom("f", "$g", "")),
    _valid: fc.constant(false as const),
    _sources: fc.uniqueArray(fc.constantFrom(1, 2, 3))
      .map((times) => times.map((time) => source(time))),
  }, { requiredKeys: [] }).map((fields) => raw(hash(3), fields)),
  fc.option(fc.uniqueArray(fc.constantFrom(...MEMBERS)), { nil: undefined })
    .chain((hashes) => fc.nat(2).map((weight) => hashes?.map((each) => evidence(each, weight))))
    .chain((evidence) =>
      fc.record({ orgids: fc.uniqueArray(fc.constantFrom(...MEMBERS)) }, { requiredKeys: [] })
        .map((fields) => ({ ...report(hash(4), evidence), ...fields }))
    ),
);
