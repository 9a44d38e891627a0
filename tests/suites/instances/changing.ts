import assert from "node:assert/strict";
import {
  assertSame,
  attribute,
  collect,
  event,
  hash,
  object,
  raw,
  session,
  source,
  type Test,
} from "./fixtures.ts";

export function changing(test: Test): void {
  test("replace under the same hash puts exactly the new document there", async ({ store }) => {
    await store.put([session(hash(1), [hash(2), hash(3)])]);
    const next = session(hash(1), [hash(3), hash(4)]);
    await store.replace(hash(1), next);
    assertSame(await collect(store), [next]);
    assert.deepEqual(await store.referrers(hash(2)), []);
    assertSame(await store.referrers(hash(4)), [next]);
  });

  test("replace under a new hash takes the old document out", async ({ store }) => {
    await store.put([event(hash(1), [hash(2)])]);
    const next = event(hash(9), [hash(3)]);
    await store.replace(hash(1), next);
    assertSame(await collect(store), [next]);
    assert.deepEqual(await store.missing([hash(1), hash(9)]), [hash(1)]);
    assert.deepEqual(await store.referrers(hash(2)), []);
    assertSame(await store.parents(hash(3)), [next]);
  });

  test("replace onto a hash that is there overwrites that one", async ({ store }) => {
    await store.put([object(hash(1), [hash(5)]), object(hash(2), [hash(6)]), attribute(hash(3))]);
    const next = object(hash(2), [hash(7)]);
    await store.replace(hash(1), next);
    assertSame(await collect(store), [next, attribute(hash(3))]);
    assert.deepEqual(await store.parents(hash(5)), []);
    assert.deepEqual(await store.parents(hash(6)), []);
    assertSame(await store.parents(hash(7)), [next]);
    assert.deepEqual({ ...await store.count() }, { object: 1, attribute: 1 });
  });

  test("replace of what is not there throws RangeError and stores nothing", async ({ store }) => {
    await store.put([attribute(hash(2))]);
    await assert.rejects(() => store.replace(hash(1), attribute(hash(3))), RangeError);
    await assert.rejects(() => store.replace(hash(1), attribute(hash(2), "other")), RangeError);
    assertSame(await collect(store), [attribute(hash(2))]);
  });

  test("remove takes out a document with its references", async ({ store }) => {
    await store.put([object(hash(1), [hash(2)]), object(hash(3), [hash(2)])]);
    await store.remove(hash(1));
    assertSame(await store.parents(hash(2)), [object(hash(3), [hash(2)])]);
    assertSame(await store.referrers(hash(2)), [object(hash(3), [hash(2)])]);
    assert.deepEqual({ ...await store.count() }, { object: 1 });
  });

  test("remove of what is not there does nothing", async ({ store }) => {
    await store.put([attribute(hash(1))]);
    await store.remove(hash(2));
    assertSame(await collect(store), [attribute(hash(1))]);
  });

  test("put after remove stores it anew", async ({ store }) => {
    await store.put([raw(hash(1), { _sources: [source(1)], _ref: [hash(2)] })]);
    await store.remove(hash(1));
    await store.put([raw(hash(1), { _sources: [source(2)] })]);
    assertSame(await collect(store), [raw(hash(1), { _sources: [source(2)] })]);
    assert.deepEqual(await store.referrers(hash(2)), []);
  });
}
