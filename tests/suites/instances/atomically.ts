import { deepEqual, equal, rejects } from "../../assert.ts";
import type { Event, Instance, Session } from "../../../lib/tahoe/instance.ts";
import {
  assertSame,
  attribute,
  event,
  hash,
  object,
  only,
  pause,
  readAll,
  session,
  type Test,
} from "./fixtures.ts";

class Stopped extends Error {}

export function atomicallyTests(test: Test): void {
  test("atomically returns what work returns and keeps its changes", async ({ store, again }) => {
    const answer = await store.atomically(async (inside) => {
      await inside.put([attribute(hash(1))]);
      return "done";
    });
    equal(answer, "done");
    assertSame(await readAll(await again()), [attribute(hash(1))]);
  });

  test("atomically shows work its own changes", async ({ store }) => {
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
      deepEqual(await inside.referrers(hash(2)), []);
      deepEqual(await inside.missing([hash(1), hash(9)]), [hash(1)]);
      deepEqual({ ...await inside.count() }, { attribute: 1, event: 1 });
      assertSame(await readAll(inside), [attribute(hash(3)), next]);
    });
    assertSame(await readAll(store), [attribute(hash(3)), next]);
  });

  test("atomically changes nothing if work throws", async ({ store, again }) => {
    const before = [event(hash(1), [hash(2)]), session(hash(4), [hash(1)]), attribute(hash(2))];
    await store.put(before);
    const stopped = new Stopped("stop");
    const outcome = store.atomically(async (inside) => {
      await inside.put([attribute(hash(7)), session(hash(4), [hash(7)])]);
      await inside.replace(hash(1), event(hash(9), [hash(7)]));
      await inside.remove(hash(2));
      throw stopped;
    });
    await rejects(outcome, (error) => error === stopped);
    for (const each of [store, await again()]) {
      assertSame(await readAll(each), before);
      deepEqual(await each.referrers(hash(7)), []);
      assertSame(await each.parents(hash(2)), [before[0] as Event]);
    }
    await store.put([attribute(hash(7))]);
    deepEqual(await store.missing([hash(7)]), []);
  });

  test("atomically lets work catch an error and go on", async ({ store }) => {
    await store.atomically(async (inside) => {
      await inside.put([attribute(hash(1))]);
      await rejects(() => inside.replace(hash(5), attribute(hash(6))), RangeError);
      await inside.put([attribute(hash(2))]);
    });
    assertSame(await readAll(store), [attribute(hash(1)), attribute(hash(2))]);
  });

  test("atomically shows others no change before its end", async ({ store, again }) => {
    const other = await again();
    const reads: Promise<Instance[]>[] = [];
    const outcome = store.atomically(async (inside) => {
      await inside.put([attribute(hash(1)), object(hash(2), [hash(1)])]);
      reads.push(store.get([hash(1)]), other.get([hash(1)]), other.parents(hash(1)));
      await pause(100);
      throw new Stopped("stop");
    });
    await rejects(outcome, Stopped);
    deepEqual(await Promise.all(reads), [[], [], []]);
  });

  test("atomically does not undo what others write meanwhile", async ({ store, again }) => {
    const other = await again();
    const writes: Promise<void>[] = [];
    const outcome = store.atomically(async (inside) => {
      await inside.put([attribute(hash(1))]);
      writes.push(store.put([attribute(hash(2))]), other.put([attribute(hash(3))]));
      await pause(100);
      throw new Stopped("stop");
    });
    await rejects(outcome, Stopped);
    await Promise.all(writes);
    assertSame(await readAll(store), [attribute(hash(2)), attribute(hash(3))]);
  });

  test("atomically keeps all concurrent changes to a set", async ({ store, again }) => {
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
    deepEqual(_ref.toSorted(), members);
  });
}
