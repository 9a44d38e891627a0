import assert from "node:assert/strict";
import type { Hash, Raw } from "../../../lib/tahoe/instance.ts";
import {
  assertSame,
  attribute,
  collect,
  event,
  hash,
  object,
  raw,
  report,
  session,
  type Test,
} from "./fixtures.ts";

export function finding(test: Test): void {
  const many = Array.from({ length: 5000 }, (_, i) => hash(i));

  test("get of 5,000 hashes gives those that are there, each once", async ({ store }) => {
    const wanted = many.filter((_, i) => i % 7 === 0).map((each) => attribute(each));
    await store.put(wanted);
    assertSame(await store.get(many), wanted);
    assertSame(await store.get([...many.slice(0, 20), ...many.slice(0, 20)]), wanted.slice(0, 3));
    assert.deepEqual(await store.get([]), []);
  });

  test("missing gives those of 5,000 hashes that are not there", async ({ store }) => {
    await store.put(many.filter((_, i) => i % 7 === 0).map((each) => attribute(each)));
    const absent = many.filter((_, i) => i % 7 !== 0);
    assert.deepEqual((await store.missing(many)).toSorted(), absent);
    assert.deepEqual(await store.missing([hash(0)]), []);
    assert.deepEqual(await store.missing([]), []);
  });

  test("parents have the hash in _cref, referrers in _ref", async ({ store }) => {
    const inner = object(hash(2), [hash(1)]);
    const outer = object(hash(3), [hash(2)], [hash(1), hash(2)]);
    const seen = event(hash(4), [hash(1), hash(2), hash(3)], { _cref: [hash(3)] });
    const visit = session(hash(5), [hash("c"), hash(4)]);
    const upload = raw(hash(6), { _ref: [hash(4)] });
    await store.put([attribute(hash(1)), inner, outer, seen, visit, upload]);
    assertSame(await store.parents(hash(1)), [inner]);
    assertSame(await store.referrers(hash(1)), [inner, outer, seen]);
    assertSame(await store.parents(hash(2)), [outer]);
    assertSame(await store.parents(hash(4)), []);
    assertSame(await store.referrers(hash(4)), [visit, upload]);
    assertSame(await store.parents(hash("c")), [visit]);
    assert.deepEqual(await store.referrers(hash(6)), []);
  });

  test("parents has a child that its _ref does not hold", async ({ store }) => {
    const odd = object(hash(2), [hash(1)], []);
    await store.put([odd]);
    assertSame(await store.parents(hash(1)), [odd]);
    assert.deepEqual(await store.referrers(hash(1)), []);
  });

  test("references that are no hashes are kept and found, each as it is", async ({ store }) => {
    const odd = ["", "r1", "R1", "ab", "AB", hash("ab").toUpperCase(), "\u{1F41D}", "x".repeat(64)];
    const wanted = odd.map((each, i) => raw(hash(i), { _ref: [each] }));
    await store.put(wanted);
    assertSame(await collect(store), wanted);
    for (const [i, each] of odd.entries()) {
      assertSame(await store.referrers(each), [wanted[i] as Raw]);
    }
    assert.deepEqual(await store.get(odd), []);
    assert.deepEqual((await store.missing(odd)).toSorted(), odd.toSorted());
    assert.deepEqual(await store.referrers(hash("ab")), []);
  });

  test("referrers of a hub finds all of them", async ({ store }) => {
    const hub = Array.from({ length: 1500 }, (_, i) => event(hash(i + 10), [hash(1)]));
    await store.put(hub);
    assert.equal((await store.referrers(hash(1))).length, 1500);
    assert.equal((await store.parents(hash(1))).length, 1500);
  });

  test("count counts by itype", async ({ store }) => {
    await store.put([attribute(hash(1)), attribute(hash(2)), raw(hash(3)), report(hash(4))]);
    await store.put([attribute(hash(2)), event(hash(5), [hash(1)])]);
    assert.deepEqual({ ...await store.count() }, { attribute: 2, raw: 1, report: 1, event: 1 });
  });

  test("all goes through thousands, while others write", async ({ store }) => {
    await store.put(many.map((each) => attribute(each)));
    const seen = new Set<Hash>();
    for await (const each of store.all()) {
      assert.ok(!seen.has(each._hash));
      seen.add(each._hash);
      if (seen.size % 1000 === 0) await store.remove(each._hash);
    }
    assert.deepEqual(many.filter((each) => !seen.has(each)), []);
  });

  test("all goes through documents of megabytes", async ({ store }) => {
    const large = many.slice(0, 7).map((each) => raw(each, { data: "x".repeat(3 * 2 ** 20) }));
    await store.put(large);
    const seen = await collect(store);
    assert.deepEqual(seen.map((each) => each._hash).toSorted(), many.slice(0, 7));
  });

  test("all can be left early", async ({ store }) => {
    await store.put(many.slice(0, 1000).map((each) => attribute(each)));
    for await (const each of store.all()) {
      assert.equal(each.itype, "attribute");
      break;
    }
    await store.put([attribute(hash("ff"))]);
  });
}
