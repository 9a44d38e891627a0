import { deepEqual, equal } from "../../assert.ts";
import { attribute } from "../../../lib/tahoe/attribute.ts";
import { event } from "../../../lib/tahoe/event.ts";
import type { Hash, Raw } from "../../../lib/tahoe/instance.ts";
import { object } from "../../../lib/tahoe/object.ts";
import { raw } from "../../../lib/tahoe/raw.ts";
import { addEvents, session } from "../../../lib/tahoe/session.ts";
import { collect } from "../open_instances.ts";
import type { Test } from "./fixtures.ts";

const name = attribute("username", "ada");
const other = attribute("username", "bob");
const user = object("user", [name]);
const EVENTS = [1, 2, 3].map((timestamp) => event("login", [user], { orgid: "o", timestamp }));
const visit = addEvents(session("visit", [other]), EVENTS.slice(0, 2));

function rawOf(data: string, _ref: readonly Hash[], subType = "log"): Raw {
  return { ...raw(subType, data, { orgid: "o", timezone: "UTC" }), _ref };
}

const first = rawOf("first", [...EVENTS[0]!._ref, EVENTS[0]!._hash, visit._hash]);
const second = rawOf("second", [EVENTS[0]!._hash], "list");
const all = [name, other, user, ...EVENTS, visit, first, second];

export function holdersTests(test: Test): void {
  test("holders gives the Raws or sessions that refer to a hash", async ({ store }) => {
    await store.put(all);
    const asked = [EVENTS[0]!._hash, EVENTS[1]!._hash, EVENTS[2]!._hash, name._hash];
    const raws = await store.holders([...asked, visit._hash, "0".repeat(64)], "raw");
    deepEqual(sorted(raws), {
      [EVENTS[0]!._hash]: [first._hash, second._hash].sort(),
      [name._hash]: [first._hash],
      [visit._hash]: [first._hash],
    });
    deepEqual(sorted(await store.holders(asked, "session")), {
      [EVENTS[0]!._hash]: [visit._hash],
      [EVENTS[1]!._hash]: [visit._hash],
    });
    deepEqual(sorted(await store.holders([], "raw")), {});
  });

  test("referredBeyond counts every instance that refers to a hash", async ({ store }) => {
    await store.put(all);
    // The user object, three events and the first Raw.
    const beyond = async (hash: Hash, count: number) =>
      (await store.referredBeyond(new Map([[hash, count]]))).has(hash);
    deepEqual([await beyond(name._hash, 4), await beyond(name._hash, 5)], [true, false]);
    deepEqual([await beyond(user._hash, 3), await beyond(user._hash, 4)], [true, false]);
    deepEqual([await beyond(first._hash, 0), await beyond(other._hash, 0)], [false, true]);
    const counts = new Map([[name._hash, 5], [user._hash, 0], [first._hash, 0]]);
    deepEqual([...await store.referredBeyond(counts)], [user._hash]);
    equal((await store.referredBeyond(new Map())).size, 0);
  });

  test("removeAll takes out what is there, with its links", async ({ store }) => {
    await store.put(all);
    await store.removeAll([EVENTS[0]!._hash, first._hash, "0".repeat(64)]);
    await store.removeAll([]);
    deepEqual(await store.missing([EVENTS[0]!._hash, first._hash, second._hash]), [
      EVENTS[0]!._hash,
      first._hash,
    ]);
    deepEqual((await store.referrers(name._hash)).length, 3);
  });

  test("raws without a sub-type gives all Raws in the order of their hashes", async ({ store }) => {
    await store.put(all);
    const hashes = [first._hash, second._hash].sort();
    deepEqual((await collect(store.raws(undefined))).map(({ _hash }) => _hash), hashes);
    const rest = await collect(store.raws(undefined, hashes[0]!));
    deepEqual(rest.map(({ _hash }) => _hash), hashes.slice(1));
  });
}

function sorted(map: ReadonlyMap<Hash, readonly Hash[]>): Record<Hash, Hash[]> {
  return Object.fromEntries([...map].map(([hash, holders]) => [hash, [...holders].sort()]));
}
