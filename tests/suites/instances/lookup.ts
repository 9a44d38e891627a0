import { deepEqual, equal, ok } from "../../assert.ts";
import type { Hash, Raw } from "../../../lib/tahoe/instance.ts";
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
  type Test,
} from "./fixtures.ts";

export function lookupTests(test: Test): void {
  const many = Array.from({ length: 5000 }, (_, i) => hash(i));

  test("get of 5,000 hashes returns the stored instances, each once", async ({ store }) => {
    const wanted = many.filter((_, i) => i % 7 === 0).map((each) => attribute(each));
    await store.put(wanted);
    assertSame(await store.get(many), wanted);
    assertSame(await store.get([...many.slice(0, 20), ...many.slice(0, 20)]), wanted.slice(0, 3));
    deepEqual(await store.get([]), []);
  });

  test("missing returns the hashes among 5,000 that are not stored", async ({ store }) => {
    await store.put(many.filter((_, i) => i % 7 === 0).map((each) => attribute(each)));
    const absent = many.filter((_, i) => i % 7 !== 0);
    deepEqual((await store.missing(many)).toSorted(), absent);
    deepEqual(await store.missing([hash(0)]), []);
    deepEqual(await store.missing([]), []);
  });

  test("parents finds a hash in _cref, referrers finds it in _ref", async ({ store }) => {
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
    deepEqual(await store.referrers(hash(6)), []);
  });

  test("parents finds a child that is missing in the parent's _ref", async ({ store }) => {
    const odd = object(hash(2), [hash(1)], []);
    await store.put([odd]);
    assertSame(await store.parents(hash(1)), [odd]);
    deepEqual(await store.referrers(hash(1)), []);
  });

  test("referrers finds references that are not hashes, exactly as they are", async ({ store }) => {
    const odd = ["", "r1", "R1", "ab", "AB", hash("ab").toUpperCase(), "\u{1F41D}", "x".repeat(64)];
    const wanted = odd.map((each, i) => raw(hash(i), { _ref: [each] }));
    await store.put(wanted);
    assertSame(await readAll(store), wanted);
    for (const [i, each] of odd.entries()) {
      assertSame(await store.referrers(each), [wanted[i] as Raw]);
    }
    deepEqual(await store.get(odd), []);
    deepEqual((await store.missing(odd)).toSorted(), odd.toSorted());
    deepEqual(await store.referrers(hash("ab")), []);
  });

  test("referrers and parents of a hub return all of them", async ({ store }) => {
    const hub = Array.from({ length: 1500 }, (_, i) => event(hash(i + 10), [hash(1)]));
    await store.put(hub);
    equal((await store.referrers(hash(1))).length, 1500);
    equal((await store.parents(hash(1))).length, 1500);
  });

  test("count counts instances by itype", async ({ store }) => {
    await store.put([attribute(hash(1)), attribute(hash(2)), raw(hash(3)), report(hash(4))]);
    await store.put([attribute(hash(2)), event(hash(5), [hash(1)])]);
    deepEqual({ ...await store.count() }, { attribute: 2, raw: 1, report: 1, event: 1 });
  });

  test("all yields thousands of instances while others are removed", async ({ store }) => {
    await store.put(many.map((each) => attribute(each)));
    const seen = new Set<Hash>();
    for await (const each of store.all()) {
      ok(!seen.has(each._hash));
      seen.add(each._hash);
      if (seen.size % 1000 === 0) await store.remove(each._hash);
    }
    deepEqual(many.filter((each) => !seen.has(each)), []);
  });

  test("all yields documents of several megabytes", async ({ store }) => {
    const large = many.slice(0, 7).map((each) => raw(each, { data: "x".repeat(3 * 2 ** 20) }));
    await store.put(large);
    const seen = await readAll(store);
    deepEqual(seen.map((each) => each._hash).toSorted(), many.slice(0, 7));
  });

  test("all can be stopped early", async ({ store }) => {
    await store.put(many.slice(0, 1000).map((each) => attribute(each)));
    for await (const each of store.all()) {
      equal(each.itype, "attribute");
      break;
    }
    await store.put([attribute(hash("ff"))]);
  });
}
