import { deepEqual, equal } from "../../assert.ts";
import type { Category, Event, Raw, Session, Source } from "../../../lib/tahoe/instance.ts";
import { LATEST_KEPT } from "../../../lib/tahoe/instances.ts";
import {
  assertSame,
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

/** Categories of the stored event, of the event that is put, and of the stored event after that. */
const CATEGORIES: readonly [Category, Category, Category][] = [
  ["unknown", "unknown", "unknown"],
  ["unknown", "benign", "benign"],
  ["unknown", "malicious", "malicious"],
  ["benign", "unknown", "benign"],
  ["benign", "malicious", "benign"],
  ["malicious", "benign", "malicious"],
];

export function putAgainTests(test: Test): void {
  test("put adds a Raw's new sources and otherwise keeps the first document", async ({ store }) => {
    const other = hash("ee");
    await store.put([raw(hash(1), { _sources: [source(1)] })]);
    await store.put([
      raw(hash(1), { orgid: other, timezone: null, data: "new", _sources: [source(1), source(2)] }),
    ]);
    const found = await only<Raw>(store, hash(1));
    equal(exact({ ...found, _sources: [] }), exact(raw(hash(1), { _sources: [] })));
    deepEqual(found._sources?.map(exact).toSorted(), [source(1), source(2)].map(exact));
  });

  test("put compares sources by every field", async ({ store }) => {
    const sources: Source[] = [
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
    deepEqual(found.map(exact).toSorted(), sources.map(exact).toSorted());
  });

  test("put adds sets that the first document lacks", async ({ store }) => {
    const sets = { _sources: [source(1)], _ref: [hash(2), hash(3)], filters: ["f", "g"] };
    await store.put([raw(hash(1))]);
    await store.put([raw(hash(1), sets)]);
    assertSame(await store.get([hash(1)]), [raw(hash(1), sets)]);
    assertSame(await store.referrers(hash(3)), [raw(hash(1), sets)]);
    await store.put([raw(hash(1))]);
    assertSame(await store.get([hash(1)]), [raw(hash(1), sets)]);
  });

  test("put adds the sets of several documents in one call", async ({ store }) => {
    await store.put([1, 2, 3].map((i) => raw(hash(1), { _ref: [hash(i), hash(9)] })));
    const { _ref } = await only<Raw>(store, hash(1));
    deepEqual(_ref?.toSorted(), [1, 2, 3, 9].map(hash));
  });

  test("put adds to a session's _ref and to nothing else", async ({ store }) => {
    await store.put([session(hash(1), [hash("c"), hash(2)])]);
    await store.put([{ ...session(hash(1), [hash(3), hash(2)]), _cref: [hash(4)] }]);
    const found = await only<Session>(store, hash(1));
    deepEqual(found._ref.toSorted(), [hash(2), hash(3), hash("c")].toSorted());
    deepEqual(found._cref, [hash("c")]);
    equal((await store.referrers(hash(3))).length, 1);
    deepEqual(await store.parents(hash(4)), []);
  });

  test("put adds to an event's contexts and to nothing else", async ({ store }) => {
    const first = event(hash(1), [hash(2), hash(3)], { _mal_ref: [hash(2)], category: "benign" });
    await store.put([first]);
    await store.put([
      event(hash(1), [hash(3), hash(4)], {
        data: { ipv4: ["203.0.113.1"] },
        timestamp: 1,
        _ben_ref: [hash(2)],
        _mal_ref: [hash(3), hash(2)],
      }),
    ]);
    const found = await only<Event>(store, hash(1));
    assertSame([{ ...found, _mal_ref: found._mal_ref.toSorted() }], [
      { ...first, _ben_ref: [hash(2)], _mal_ref: [hash(2), hash(3)] },
    ]);
    deepEqual(await store.referrers(hash(4)), []);
    await store.remove(hash(1));
    deepEqual(await store.referrers(hash(3)), []);
  });

  for (const [present, added, after] of CATEGORIES) {
    test(`put of a ${added} event leaves a stored ${present} event ${after}`, async ({ store }) => {
      await store.put([event(hash(1), [hash(2)], { category: present })]);
      await store.put([event(hash(1), [hash(2)], { category: added })]);
      equal((await only<Event>(store, hash(1))).category, after);
    });
  }

  test("put takes a session's times from the last put", async ({ store }) => {
    const begun = { ...session(hash(1), [hash(2)]), start_time: 5 };
    const ended = { ...session(hash(1), [hash(3)]), end_time: 7.5, duration: "2.5" };
    const _ref = [hash(2), hash(3)];
    for (const each of [begun, ended]) await store.put([each]);
    assertSame([await sortedSession(store, hash(1))], [{ ...begun, ...ended, _ref }]);
    await store.put([{ ...begun, start_time: 6, duration: 1n }]);
    assertSame([await sortedSession(store, hash(1))], [
      { ...begun, ...ended, _ref, start_time: 6, duration: 1n },
    ]);
  });

  test("put keeps the latest evidence of a report, once per event", async ({ store }) => {
    const all = Array.from({ length: LATEST_KEPT + 5 }, (_, i) => evidence(hash(i), 1));
    const again = evidence(hash(10), 2);
    for (const each of [...all, again]) await store.put([report(hash(1), [each])]);
    await store.put([report(hash(1))]);
    const wanted = [...all.slice(5).filter(({ _hash }) => _hash !== again._hash), again];
    assertSame(await store.get([hash(1)]), [report(hash(1), wanted)]);
  });

  test("put marks a Raw as not valid, and a later put keeps the mark", async ({ store }) => {
    await store.put([raw(hash(1))]);
    await store.put([raw(hash(1), { _valid: false })]);
    await store.put([raw(hash(1))]);
    assertSame(await store.get([hash(1)]), [raw(hash(1), { _valid: false })]);
  });

  test("put by many writers at once loses no context", async ({ store, again }) => {
    const other = await again();
    const members = Array.from({ length: 20 }, (_, i) => hash(100 + i));
    await Promise.all(members.map((member, i) =>
      (i % 2 === 0 ? store : other).put([
        event(hash(1), members, i % 3 === 0 ? { _ben_ref: [member] } : { _mal_ref: [member] }),
      ])
    ));
    const { _ben_ref, _mal_ref } = await only<Event>(store, hash(1));
    deepEqual(_ben_ref.toSorted(), members.filter((_, i) => i % 3 === 0));
    deepEqual(_mal_ref.toSorted(), members.filter((_, i) => i % 3 !== 0));
  });

  test("put by many writers at once loses no member", async ({ store, again }) => {
    const other = await again();
    const members = Array.from({ length: 20 }, (_, i) => i);
    await Promise.all(members.map((i) =>
      (i % 2 === 0 ? store : other).put([
        raw(hash(1), { _sources: [source(i)], _ref: [hash(100 + i)] }),
        session(hash(2), [hash(100 + i)]),
      ])
    ));
    const { _sources, _ref } = await only<Raw>(store, hash(1));
    deepEqual(_sources?.map((each) => each.timestamp).toSorted((a, b) => a - b), members);
    deepEqual(_ref?.toSorted(), members.map((i) => hash(100 + i)));
    const { _ref: events } = await only<Session>(store, hash(2));
    deepEqual(events.toSorted(), members.map((i) => hash(100 + i)));
  });
}
