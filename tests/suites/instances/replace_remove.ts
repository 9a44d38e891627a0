import { deepEqual, rejects } from "../../assert.ts";
import {
  assertSame,
  attribute,
  event,
  hash,
  object,
  raw,
  readAll,
  session,
  source,
  type Test,
} from "./fixtures.ts";

export function replaceRemoveTests(test: Test): void {
  test("replace under the same hash stores exactly the new document", async ({ store }) => {
    await store.put([session(hash(1), [hash(2), hash(3)])]);
    const next = session(hash(1), [hash(3), hash(4)]);
    await store.replace(hash(1), next);
    assertSame(await readAll(store), [next]);
    deepEqual(await store.referrers(hash(2)), []);
    assertSame(await store.referrers(hash(4)), [next]);
  });

  test("replace under a new hash removes the old document", async ({ store }) => {
    await store.put([event(hash(1), [hash(2)])]);
    const next = event(hash(9), [hash(3)]);
    await store.replace(hash(1), next);
    assertSame(await readAll(store), [next]);
    deepEqual(await store.missing([hash(1), hash(9)]), [hash(1)]);
    deepEqual(await store.referrers(hash(2)), []);
    assertSame(await store.parents(hash(3)), [next]);
  });

  test("replace overwrites a document that has the new hash already", async ({ store }) => {
    await store.put([object(hash(1), [hash(5)]), object(hash(2), [hash(6)]), attribute(hash(3))]);
    const next = object(hash(2), [hash(7)]);
    await store.replace(hash(1), next);
    assertSame(await readAll(store), [next, attribute(hash(3))]);
    deepEqual(await store.parents(hash(5)), []);
    deepEqual(await store.parents(hash(6)), []);
    assertSame(await store.parents(hash(7)), [next]);
    deepEqual({ ...await store.count() }, { object: 1, attribute: 1 });
  });

  test("replace of a missing hash throws RangeError and stores nothing", async ({ store }) => {
    await store.put([attribute(hash(2))]);
    await rejects(() => store.replace(hash(1), attribute(hash(3))), RangeError);
    await rejects(() => store.replace(hash(1), attribute(hash(2), "other")), RangeError);
    assertSame(await readAll(store), [attribute(hash(2))]);
  });

  test("remove removes a document with its references", async ({ store }) => {
    await store.put([object(hash(1), [hash(2)]), object(hash(3), [hash(2)])]);
    await store.remove(hash(1));
    assertSame(await store.parents(hash(2)), [object(hash(3), [hash(2)])]);
    assertSame(await store.referrers(hash(2)), [object(hash(3), [hash(2)])]);
    deepEqual({ ...await store.count() }, { object: 1 });
  });

  test("remove of a missing hash does nothing", async ({ store }) => {
    await store.put([attribute(hash(1))]);
    await store.remove(hash(2));
    assertSame(await readAll(store), [attribute(hash(1))]);
  });

  test("put after remove stores an instance anew", async ({ store }) => {
    await store.put([raw(hash(1), { _sources: [source(1)], _ref: [hash(2)] })]);
    await store.remove(hash(1));
    await store.put([raw(hash(1), { _sources: [source(2)] })]);
    assertSame(await readAll(store), [raw(hash(1), { _sources: [source(2)] })]);
    deepEqual(await store.referrers(hash(2)), []);
  });
}
