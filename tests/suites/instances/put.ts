import { deepEqual, notEqual } from "../../assert.ts";
import {
  assertSame,
  attribute,
  event,
  hash,
  object,
  raw,
  readAll,
  report,
  session,
  source,
  type Test,
} from "./fixtures.ts";

export function putTests(test: Test): void {
  test("put of nothing stores nothing", async ({ store }) => {
    await store.put([]);
    deepEqual(await store.count(), {});
    deepEqual(await readAll(store), []);
  });

  test("put stores every itype with every field, visible to all handles", async ({ store, again }) => {
    const children = [hash(1), hash(2)];
    const wanted = [
      attribute(hash(1)),
      object(hash(2), [hash(1)]),
      event(hash(3), children, { _mal_ref: [hash(1)], category: "malicious" }),
      session(hash(4), [hash(1), hash(3)]),
      raw(hash(5), { _ref: [hash(3)], filters: ["f"], _sources: [source(1), source(2, null)] }),
      report(hash(6)),
      { ...object(hash(7), [hash(1)]), _usr_ref: [hash(8)], _adm_ref: [], _acl: [hash(8)] },
    ];
    await store.put(wanted);
    const other = await again();
    assertSame(await other.get(wanted.map((each) => each._hash)), wanted);
    assertSame(await readAll(other), wanted);
  });

  test("put of a stored hash changes nothing", async ({ store }) => {
    const first = event(hash(1), [hash(2)], { category: "benign", _ben_ref: [hash(2)] });
    await store.put([first, attribute(hash(2))]);
    await store.put([event(hash(1), [hash(2), hash(3)]), attribute(hash(2), "other")]);
    assertSame(await readAll(store), [first, attribute(hash(2))]);
    deepEqual(await store.referrers(hash(3)), []);
  });

  test("put of one hash twice in a call keeps the first instance", async ({ store }) => {
    await store.put([attribute(hash(1), "first"), attribute(hash(1), "second")]);
    assertSame(await readAll(store), [attribute(hash(1), "first")]);
  });

  test("put of thousands gives timers their turn", async ({ store }) => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    // 5000 take 40 ms on a fast machine, in which one turn may be too short for a timer.
    await store.put(Array.from({ length: 15_000 }, (_, i) => attribute(hash(i))));
    clearInterval(timer);
    notEqual(turns, 0);
  });

  test("put of the same instances by many writers at once stores each once", async ({ store, again }) => {
    const other = await again();
    const same = Array.from({ length: 20 }, (_, i) => attribute(hash(i), BigInt(i)));
    await Promise.all(
      Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? store : other).put(same)),
    );
    assertSame(await readAll(store), same);
    deepEqual(await store.count(), { attribute: 20 });
  });
}
