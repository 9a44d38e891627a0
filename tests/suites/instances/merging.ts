import assert from "node:assert/strict";
import fc from "fast-check";
import type { Event, Hash, Instance } from "../../../lib/tahoe/instance.ts";
import { mergedFields } from "../../../lib/tahoe/instances.ts";
import { merged } from "../../../lib/tahoe/merged.ts";
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
  sorted,
  source,
  type Test,
} from "./fixtures.ts";

/** Few, and more than what a store does at once. */
const amounts = [1, 600];

export function merging(test: Test): void {
  for (const amount of amounts) {
    test(`put after put, ${amount} at a time, makes what merged makes`, async ({ store }) => {
      const others = Array.from({ length: amount - 1 }, (_, i) => attribute(hash(1000 + i)));
      await fc.assert(
        fc.asyncProperty(fc.array(variants, { minLength: 2, maxLength: 8 }), async (puts) => {
          for (const each of [1, 2, 3, 4]) await store.remove(hash(each));
          const wanted = new Map<Hash, Instance>();
          for (const variant of puts) {
            const present = wanted.get(variant._hash);
            wanted.set(variant._hash, present ? merged(present, variant) : variant);
            await store.put([...others.slice(1), variant, ...others]);
          }
          const whole = [...wanted.values()].map(inOrder);
          assertSame((await store.get([...wanted.keys()])).map(inOrder), whole);
          assertSame(
            (await store.referrers(members[0])).map(inOrder),
            whole.filter((each) => "_ref" in each && each._ref?.includes(members[0])),
          );
        }),
        { numRuns: amount === 1 ? 40 : 5 },
      );
    });
  }

  test("put of thousands takes what comes twice as if put later", async ({ store }) => {
    const many = Array.from({ length: 3000 }, (_, i) => attribute(hash(i)));
    const visits = [
      session(hash("d1"), [hash(1)]),
      { ...session(hash("d1"), [hash(2), hash(1)]), end_time: 2 },
    ];
    await store.put([...many, visits[0]!, ...many, visits[1]!]);
    assert.deepEqual({ ...await store.count() }, { attribute: 3000, session: 1 });
    const found = await sorted(store, hash("d1"));
    assertSame([found], [{ ...visits[1]!, _ref: [hash(1), hash(2)] }]);
    assertSame(await store.referrers(hash(2)), await store.get([hash("d1")]));
  });

  test("put of 100,000 references once more, and of as many others, is quick", async ({ store }) => {
    const members = Array.from({ length: 100_000 }, (_, i) => hash(i));
    const start = performance.now();
    for (const _ref of [members.slice(0, 50_000), members.slice(0, 50_000), members]) {
      await store.put([raw(hash("f"), { _ref })]);
    }
    // Where each is compared with each it takes minutes.
    assert.ok(performance.now() - start < 30_000);
    assert.deepEqual((await sorted(store, hash("f")))._ref, members);
    assert.equal((await store.referrers(hash(99_999))).length, 1);
  });

  test("put of thousands by many at once stores each once, merged", async ({ store, again }) => {
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
    assert.deepEqual({ ...await store.count() }, { attribute: 3000, event: 1, session: 1 });
    const { _mal_ref, category } = await only<Event>(store, hash("e1"));
    assert.deepEqual(_mal_ref.toSorted(), [hash(1), hash(2), hash(3)]);
    assert.notEqual(category, "unknown");
    const { _ref } = await sorted(store, hash("d1"));
    assert.deepEqual(_ref, [hash(100), hash(101), hash(102)]);
  });
}

/** The instance with the sets that grow in one order. */
function inOrder(instance: Instance): Instance {
  const fields = instance as unknown as Fields;
  const sets = Object.entries(mergedFields[instance.itype] ?? {})
    .flatMap(([name, how]) => how === "union" && name in fields ? [name] : []);
  const ordered = sets.map((name) => [
    name,
    (fields[name] as readonly Value[]).toSorted((a, b) => exact(a) < exact(b) ? -1 : 1),
  ]);
  return { ...instance, ...Object.fromEntries(ordered) };
}

const members = [hash(11), hash(12), hash(13)] as const;
const sets = fc.uniqueArray(fc.constantFrom(...members));
const times = fc.double();

/** One of each kind that grows, as they may be put one after the other, each field there or not. */
const variants: fc.Arbitrary<Instance> = fc.oneof(
  fc.record({
    _ben_ref: sets,
    _mal_ref: sets,
    category: fc.constantFrom("unknown", "benign", "malicious"),
    timestamp: times,
  }, { requiredKeys: [] }).map((fields): Event => event(hash(1), [members[0]], fields)),
  fc.record({
    _ref: sets,
    start_time: times,
    end_time: times,
    duration: fc.constantFrom("1", 1, 1n, null),
  }, { requiredKeys: ["_ref"] }).map((fields) => ({ ...session(hash(2), []), ...fields })),
  fc.record({
    _ref: sets,
    filters: fc.uniqueArray(fc.constantFrom("f", "$g", "")),
    _valid: fc.constant(false as const),
    _sources: fc.uniqueArray(fc.constantFrom(1, 2, 3))
      .map((times) => times.map((time) => source(time))),
  }, { requiredKeys: [] }).map((fields) => raw(hash(3), fields)),
  fc.option(fc.uniqueArray(fc.constantFrom(...members)), { nil: undefined })
    .chain((hashes) => fc.nat(2).map((weight) => hashes?.map((each) => evidence(each, weight))))
    .map((evidence) => report(hash(4), evidence)),
);
