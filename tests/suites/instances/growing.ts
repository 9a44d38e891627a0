import assert from "node:assert/strict";
import type { Raw, Session } from "../../../lib/tahoe/instance.ts";
import { assertSame, exact, hash, only, raw, session, source, type Test } from "./fixtures.ts";

export function growing(test: Test): void {
  test("put adds a Raw's new sources, and the first document stays", async ({ store }) => {
    const other = hash("ee");
    await store.put([raw(hash(1), { _sources: [source(1)] })]);
    await store.put([
      raw(hash(1), { orgid: other, timezone: null, data: "new", _sources: [source(1), source(2)] }),
    ]);
    const found = await only<Raw>(store, hash(1));
    assert.equal(exact({ ...found, _sources: [] }), exact(raw(hash(1), { _sources: [] })));
    assert.deepEqual(found._sources?.map(exact).toSorted(), [source(1), source(2)].map(exact));
  });

  test("put tells sources apart by every field", async ({ store }) => {
    const sources = [
      source(1),
      source(1, null),
      source(1, ""),
      source(1.5),
      { ...source(1), orgid: "other" },
      { ...source(1), events: "rejected", reason: "no address" },
    ];
    for (const each of [...sources, ...sources]) {
      await store.put([raw(hash(1), { _sources: [{ ...each }] })]);
    }
    const found = (await only<Raw>(store, hash(1)))._sources ?? [];
    assert.deepEqual(found.map(exact).toSorted(), sources.map(exact).toSorted());
  });

  test("put adds sets that the first document did not have", async ({ store }) => {
    const sets = { _sources: [source(1)], _ref: [hash(2), hash(3)], filters: ["f", "g"] };
    await store.put([raw(hash(1))]);
    await store.put([raw(hash(1), sets)]);
    assertSame(await store.get([hash(1)]), [raw(hash(1), sets)]);
    assertSame(await store.referrers(hash(3)), [raw(hash(1), sets)]);
    await store.put([raw(hash(1))]);
    assertSame(await store.get([hash(1)]), [raw(hash(1), sets)]);
  });

  test("put adds to sets from several documents in one call", async ({ store }) => {
    await store.put([1, 2, 3].map((i) => raw(hash(1), { _ref: [hash(i), hash(9)] })));
    const { _ref } = await only<Raw>(store, hash(1));
    assert.deepEqual(_ref?.toSorted(), [1, 2, 3, 9].map(hash));
  });

  test("put adds to a session's _ref, and to nothing else of it", async ({ store }) => {
    await store.put([session(hash(1), [hash("c"), hash(2)])]);
    await store.put([{ ...session(hash(1), [hash(3), hash(2)]), _cref: [hash(4)] }]);
    const found = await only<Session>(store, hash(1));
    assert.deepEqual(found._ref.toSorted(), [hash(2), hash(3), hash("c")].toSorted());
    assert.deepEqual(found._cref, [hash("c")]);
    assert.equal((await store.referrers(hash(3))).length, 1);
    assert.deepEqual(await store.parents(hash(4)), []);
  });

  test("put by many at once loses no member", async ({ store, again }) => {
    const other = await again();
    const members = Array.from({ length: 20 }, (_, i) => i);
    await Promise.all(members.map((i) =>
      (i % 2 === 0 ? store : other).put([
        raw(hash(1), { _sources: [source(i)], _ref: [hash(100 + i)] }),
        session(hash(2), [hash(100 + i)]),
      ])
    ));
    const { _sources, _ref } = await only<Raw>(store, hash(1));
    assert.deepEqual(_sources?.map((each) => each.timestamp).toSorted((a, b) => a - b), members);
    assert.deepEqual(_ref?.toSorted(), members.map((i) => hash(100 + i)));
    const { _ref: events } = await only<Session>(store, hash(2));
    assert.deepEqual(events.toSorted(), members.map((i) => hash(100 + i)));
  });
}
