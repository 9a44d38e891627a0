import assert from "node:assert/strict";
import type { Event, Instance, Session } from "../../../lib/tahoe/instance.ts";
import {
  assertSame,
  attribute,
  collect,
  event,
  hash,
  object,
  only,
  pause,
  session,
  type Test,
} from "./fixtures.ts";

class Stopped extends Error {}

export function stepping(test: Test): void {
  test("atomically returns what work returns, and keeps what it did", async ({ store, again }) => {
    const answer = await store.atomically(async (inside) => {
      await inside.put([attribute(hash(1))]);
      return "done";
    });
    assert.equal(answer, "done");
    assertSame(await collect(await again()), [attribute(hash(1))]);
  });

  test("atomically shows work what it did itself", async ({ store }) => {
    await store.put([event(hash(1), [hash(2)]), attribute(hash(8))]);
    const next = event(hash(9), [hash(3)]);
    await store.atomically(async (inside) => {
      await inside.put([attribute(hash(3))]);
      await inside.replace(hash(1), next);
      await inside.remove(hash(8));
      assertSame(await inside.get([hash(1), hash(3), hash(8), hash(9)]), [
        attribute(hash(3)),
        next,
      ]);
      assertSame(await inside.parents(hash(3)), [next]);
      assertSame(await inside.referrers(hash(3)), [next]);
      assert.deepEqual(await inside.referrers(hash(2)), []);
      assert.deepEqual(await inside.missing([hash(1), hash(9)]), [hash(1)]);
      assert.deepEqual({ ...await inside.count() }, { attribute: 1, event: 1 });
      assertSame(await collect(inside), [attribute(hash(3)), next]);
    });
    assertSame(await collect(store), [attribute(hash(3)), next]);
  });

  test("atomically does nothing at all if work throws", async ({ store, again }) => {
    const before = [event(hash(1), [hash(2)]), session(hash(4), [hash(1)]), attribute(hash(2))];
    await store.put(before);
    const stopped = new Stopped("stop");
    const outcome = store.atomically(async (inside) => {
      await inside.put([attribute(hash(7)), session(hash(4), [hash(7)])]);
      await inside.replace(hash(1), event(hash(9), [hash(7)]));
      await inside.remove(hash(2));
      throw stopped;
    });
    await assert.rejects(outcome, (error) => error === stopped);
    for (const each of [store, await again()]) {
      assertSame(await collect(each), before);
      assert.deepEqual(await each.referrers(hash(7)), []);
      assertSame(await each.parents(hash(2)), [before[0] as Event]);
    }
    await store.put([attribute(hash(7))]);
    assert.deepEqual(await store.missing([hash(7)]), []);
  });

  test("atomically lets an error inside it be caught", async ({ store }) => {
    await store.atomically(async (inside) => {
      await inside.put([attribute(hash(1))]);
      await assert.rejects(() => inside.replace(hash(5), attribute(hash(6))), RangeError);
      await inside.put([attribute(hash(2))]);
    });
    assertSame(await collect(store), [attribute(hash(1)), attribute(hash(2))]);
  });

  test("atomically shows others nothing before its end", async ({ store, again }) => {
    const other = await again();
    const looks: Promise<Instance[]>[] = [];
    const outcome = store.atomically(async (inside) => {
      await inside.put([attribute(hash(1)), object(hash(2), [hash(1)])]);
      looks.push(store.get([hash(1)]), other.get([hash(1)]), other.parents(hash(1)));
      await pause(100);
      throw new Stopped("stop");
    });
    await assert.rejects(outcome, Stopped);
    assert.deepEqual(await Promise.all(looks), [[], [], []]);
  });

  test("atomically does not undo what others wrote meanwhile", async ({ store, again }) => {
    const other = await again();
    const writes: Promise<void>[] = [];
    const outcome = store.atomically(async (inside) => {
      await inside.put([attribute(hash(1))]);
      writes.push(store.put([attribute(hash(2))]), other.put([attribute(hash(3))]));
      await pause(100);
      throw new Stopped("stop");
    });
    await assert.rejects(outcome, Stopped);
    await Promise.all(writes);
    assertSame(await collect(store), [attribute(hash(2)), attribute(hash(3))]);
  });

  test("atomically keeps every one of concurrent changes to a set", async ({ store, again }) => {
    const other = await again();
    await store.put([session(hash(1), [])]);
    const members = Array.from({ length: 8 }, (_, i) => hash(100 + i));
    await Promise.all(
      members.map((member, i) =>
        (i % 2 === 0 ? store : other).atomically(async (inside) => {
          const before = await only<Session>(inside, hash(1));
          await pause(5);
          await inside.replace(hash(1), { ...before, _ref: [...before._ref, member] });
        })
      ),
    );
    const { _ref } = await only<Session>(store, hash(1));
    assert.deepEqual(_ref.toSorted(), members);
  });
}
