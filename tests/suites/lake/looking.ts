import assert from "node:assert/strict";
import { nowSeconds } from "../../../lib/clock.ts";
import type { CacheLake, Claim, EntryFilter } from "../../../lib/lake/lake.ts";
import {
  claim,
  claimOne,
  giveBack,
  names,
  now,
  only,
  refA,
  refB,
  succeed,
  type Test,
  upload,
  uploads,
} from "./fixtures.ts";

export function looking(test: Test): void {
  const filters = [
    { filter: {}, all: ["n3", "n2", "n1", "n0"] },
    { filter: { states: ["ERROR"] }, all: ["n2"] },
    { filter: { states: ["SUCCESS", "NOT_SUPPORTED"] }, all: ["n1", "n0"] },
    { filter: { states: [] }, all: [] },
    { filter: { typetag: "tag2" }, all: ["n3", "n2"] },
    { filter: { typetag: "tag2", states: ["ERROR", "SUCCESS"] }, all: ["n2"] },
    { filter: { typetag: "tag" }, all: [] },
  ] as const;

  for (const { filter, all } of filters) {
    test(`list ${JSON.stringify(filter)} finds ${all.join(" ") || "nothing"}`, async ({ lake }) => {
      await oneOfEach(lake);
      assert.deepEqual((await lake.list(filter, 10)).map((each) => each.name), all);
      assert.deepEqual((await lake.list(filter, 1)).map((each) => each.name), all.slice(0, 1));
    });

    test(`reopen ${JSON.stringify(filter)} opens what is finished of them`, async ({ lake }) => {
      await oneOfEach(lake);
      const finished = all.filter((name) => name !== "n3");
      assert.equal(await lake.reopen(filter), finished.length);
      const waiting = (await lake.list({}, 10)).filter(({ state }) => state === "WAITING");
      assert.deepEqual(waiting.map((each) => each.name), ["n3", ...finished]);
      assert.equal(await lake.reopen(filter), 0);
    });
  }

  test("list, reopen and status tell whose events were rejected", async ({ lake }) => {
    const typetags = ["tag", "tag", "other"];
    await lake.submit(uploads(3).map((each, i) => ({ ...each, typetag: typetags[i]! })));
    const [a, ...others] = await claim(lake) as [Claim, Claim, Claim];
    await succeed(lake, [a]);
    const rejected = { events: "rejected", reason: "no address" } as const;
    const outcome = { state: "SUCCESS", ref: refB, ...rejected } as const;
    await lake.settle(others.map((claim) => ({ claim, outcome })));
    await oneOfEach(lake);

    const { counts, rejectedEvents } = await lake.status(now);
    assert.deepEqual([counts.SUCCESS, rejectedEvents], [4, 2]);
    const found = async (filter: EntryFilter) =>
      (await lake.list({ events: "rejected", ...filter }, 10)).map(({ name }) => name);
    assert.deepEqual(await found({}), ["n2", "n1"]);
    assert.deepEqual(await found({ states: ["SUCCESS"], typetag: "tag" }), ["n1"]);
    assert.deepEqual(await found({ states: ["ERROR", "NOT_SUPPORTED"] }), []);
    assert.deepEqual(await found({ ids: [a.id] }), []);
    assert.equal((await lake.list({}, 10)).filter(({ events }) => events).length, 2);

    assert.equal(await lake.reopen({ events: "rejected", typetag: "other" }), 1);
    assert.deepEqual(await found({}), ["n1"]);
    assert.equal((await lake.status(now)).rejectedEvents, 1);
  });

  test("list shows the newest first, equal ones as submitted last", async ({ lake }) => {
    await lake.submit([
      upload("new", { timestamp: now }),
      upload("old", { timestamp: 1 }),
      upload("same 1", { timestamp: 2.5 }),
      upload("same 2", { timestamp: 2.5 }),
    ]);
    const entries = await lake.list({}, 10);
    assert.deepEqual(entries.map((each) => each.name), ["new", "same 2", "same 1", "old"]);
  });

  test("list and reopen by ids, unknown ones passed over", async ({ lake }) => {
    const ids = await oneOfEach(lake);
    const some = [ids[3], ids[0], ids[2], "no such id", "f".repeat(24), "-1", "1e3"] as string[];
    const found = await lake.list({ ids: some }, 10);
    assert.deepEqual(found.map((each) => each.name), ["n3", "n2", "n0"]);
    assert.equal(await lake.reopen({ ids: some, states: ["ERROR"] }), 1);
    assert.equal(await lake.reopen({ ids: some }), 1);
    assert.equal(await lake.reopen({ ids: [] }), 0);
  });

  test("reopen makes an entry as new, but for its references", async ({ lake }) => {
    await oneOfEach(lake);
    await succeed(lake, await claim(lake));
    assert.equal(await lake.reopen({}), 4);
    assert.deepEqual((await lake.list({}, 10)).map((each) => each.reason), Array(4).fill(null));
    const claims = await claim(lake);
    assert.deepEqual(names(claims), ["n0", "n1", "n2", "n3"]);
    for (const { attempts, entry, ...rest } of claims) {
      assert.equal(attempts, 1);
      assert.equal("reason" in rest, false);
      assert.equal(entry["processed"], false);
      assert.equal("skip" in entry, false);
      assert.equal("bad_data" in entry, false);
    }
    await succeed(lake, claims, refB);
    const refs = (await lake.list({}, 10)).map((each) => each.refs.toSorted());
    assert.deepEqual(refs, [[refA, refB], [refB], [refB], [refA, refB]]);
  });

  test("settle SUCCESS with a reference that is there leaves it there once", async ({ lake }) => {
    await lake.submit([upload("a")]);
    await succeed(lake, [await claimOne(lake)]);
    await lake.reopen({});
    const held = await claimOne(lake);
    assert.deepEqual(held.entry["_ref"], [refA]);
    await succeed(lake, [held]);
    assert.deepEqual((await only(lake)).refs, [refA]);
  });

  test("reopen leaves a claimed entry to its owner", async ({ lake }) => {
    await lake.submit([upload("a")]);
    const held = await claimOne(lake);
    assert.equal(await lake.reopen({}), 0);
    assert.deepEqual(await succeed(lake, [held]), []);
  });

  test("list calls what is under a lease CLAIMED", async ({ lake }) => {
    await lake.submit([upload("a")]);
    await claimOne(lake, nowSeconds());
    const { state, attempts } = await only(lake);
    assert.deepEqual({ state, attempts }, { state: "CLAIMED", attempts: 1 });
  });

  test("status of an empty lake", async ({ lake }) => {
    assert.deepEqual(await lake.status(now), {
      counts: { WAITING: 0, CLAIMED: 0, DELAYED: 0, SUCCESS: 0, NOT_SUPPORTED: 0, ERROR: 0 },
      rejectedEvents: 0,
      oldestWaiting: null,
      maxAttempts: 0,
      leases: [],
    });
  });

  test("status counts by state and shows leases by owner", async ({ lake }) => {
    await oneOfEach(lake);
    await giveBack(lake, await claim(lake), now + 1000);
    await lake.submit(uploads(6));
    await claim(lake, { owner: "worker-1", limit: 1, lease: 90 });
    await claim(lake, { owner: "worker-1", limit: 2, lease: 60 });
    await claim(lake, { owner: "worker-2", limit: 1, lease: 30 });
    const { leases, ...rest } = await lake.status(now);
    assert.deepEqual(rest, {
      counts: { WAITING: 2, CLAIMED: 4, DELAYED: 1, SUCCESS: 1, NOT_SUPPORTED: 1, ERROR: 1 },
      rejectedEvents: 0,
      oldestWaiting: now - 1000,
      maxAttempts: 1,
    });
    assert.deepEqual(leases.toSorted((a, b) => a.owner < b.owner ? -1 : 1), [
      { owner: "worker-1", entries: 3, until: now + 60 },
      { owner: "worker-2", entries: 1, until: now + 30 },
    ]);
  });

  test("status counts a lease that ran out as DELAYED", async ({ lake }) => {
    await lake.submit([upload("a")]);
    await claimOne(lake);
    await claimOne(lake, now + 61);
    const { counts, leases, maxAttempts } = await lake.status(now + 200);
    assert.equal(counts.DELAYED, 1);
    assert.equal(counts.CLAIMED, 0);
    assert.equal(maxAttempts, 2);
    assert.deepEqual(leases, []);
  });
}

/** Three finished entries, one of each state, and one that waits. */
async function oneOfEach(lake: CacheLake): Promise<string[]> {
  const ids = await lake.submit(uploads(3).map((each, i) => ({ ...each, typetag: `tag${i}` })));
  const [a, b, c] = await claim(lake) as [Claim, Claim, Claim];
  await lake.settle([
    { claim: a, outcome: { state: "SUCCESS", ref: refA } },
    { claim: b, outcome: { state: "NOT_SUPPORTED", reason: "no such type" } },
    { claim: c, outcome: { state: "ERROR", reason: "corrupt", badData: true } },
  ]);
  return [...ids, ...await lake.submit([upload("n3", { typetag: "tag2", timestamp: now })])];
}
