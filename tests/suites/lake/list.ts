import { deepEqual, equal } from "../../assert.ts";
import { nowSeconds } from "../../../lib/clock.ts";
import type { CacheLake, Claim, EntryFilter } from "../../../lib/lake/lake.ts";
import { LISTED_OWNERS } from "../../../lib/lease_owners.ts";
import {
  claim,
  claimOne,
  giveBack,
  names,
  NOW,
  only,
  REF_A,
  REF_B,
  succeed,
  type Test,
  upload,
  uploads,
} from "./fixtures.ts";

export function listTests(test: Test): void {
  const filters = [
    { filter: {}, all: ["n3", "n2", "n1", "n0"] },
    { filter: { states: ["ERROR"] }, all: ["n2"] },
    { filter: { states: ["SUCCESS", "NOT_SUPPORTED"] }, all: ["n1", "n0"] },
    { filter: { states: [] }, all: [] },
    { filter: { typetags: ["tag2"] }, all: ["n3", "n2"] },
    { filter: { typetags: ["tag2"], states: ["ERROR", "SUCCESS"] }, all: ["n2"] },
    { filter: { typetags: ["tag"] }, all: [] },
  ] as const;

  for (const { filter, all } of filters) {
    test(`list ${JSON.stringify(filter)} finds ${all.join(" ") || "nothing"}`, async ({ lake }) => {
      await submitOneOfEach(lake);
      deepEqual((await lake.list(filter, 10)).map((each) => each.name), all);
      deepEqual((await lake.list(filter, 1)).map((each) => each.name), all.slice(0, 1));
    });

    test(`reopen ${JSON.stringify(filter)} reopens the finished ones among them`, async ({ lake }) => {
      await submitOneOfEach(lake);
      const finished = all.filter((name) => name !== "n3");
      equal(await lake.reopen(filter), finished.length);
      const waiting = (await lake.list({}, 10)).filter(({ state }) => state === "WAITING");
      deepEqual(waiting.map((each) => each.name), ["n3", ...finished]);
      equal(await lake.reopen(filter), 0);
    });
  }

  test("list, reopen and status know the entries whose events were rejected", async ({ lake }) => {
    const typetags = ["tag", "tag", "other"];
    await lake.submit(uploads(3).map((each, i) => ({ ...each, typetag: typetags[i]! })));
    const [a, ...others] = await claim(lake) as [Claim, Claim, Claim];
    await succeed(lake, [a]);
    const rejected = { events: "rejected", reason: "no address" } as const;
    const outcome = { state: "SUCCESS", ref: REF_B, ...rejected } as const;
    await lake.settle(others.map((claim) => ({ claim, outcome })));
    await submitOneOfEach(lake);

    const { counts, rejectedEvents } = await lake.status(NOW);
    deepEqual([counts.SUCCESS, rejectedEvents], [4, 2]);
    const found = async (filter: EntryFilter) =>
      (await lake.list({ events: "rejected", ...filter }, 10)).map(({ name }) => name);
    deepEqual(await found({}), ["n2", "n1"]);
    deepEqual(await found({ states: ["SUCCESS"], typetags: ["tag"] }), ["n1"]);
    deepEqual(await found({ states: ["ERROR", "NOT_SUPPORTED"] }), []);
    deepEqual(await found({ ids: [a.id] }), []);
    equal((await lake.list({}, 10)).filter(({ events }) => events).length, 2);

    equal(await lake.reopen({ events: "rejected", typetags: ["other"] }), 1);
    deepEqual(await found({}), ["n1"]);
    equal((await lake.status(NOW)).rejectedEvents, 1);
  });

  test("list returns the newest first; of equal times, the last submitted first", async ({ lake }) => {
    await lake.submit([
      upload("new", { timestamp: NOW }),
      upload("old", { timestamp: 1 }),
      upload("same 1", { timestamp: 2.5 }),
      upload("same 2", { timestamp: 2.5 }),
    ]);
    const entries = await lake.list({}, 10);
    deepEqual(entries.map((each) => each.name), ["new", "same 2", "same 1", "old"]);
  });

  test("list leaves out the first ones", async ({ lake }) => {
    await lake.submit(uploads(4));
    const found = await lake.list({}, 2, { skip: 1 });
    deepEqual(found.map(({ name }) => name), ["n2", "n1"]);
    deepEqual(await lake.list({}, 2, { skip: 4 }), []);
  });

  test("list and reopen take ids, and ignore unknown ones", async ({ lake }) => {
    const ids = await submitOneOfEach(lake);
    const some = [ids[3], ids[0], ids[2], "no such id", "f".repeat(24), "-1", "1e3"] as string[];
    const found = await lake.list({ ids: some }, 10);
    deepEqual(found.map((each) => each.name), ["n3", "n2", "n0"]);
    equal(await lake.reopen({ ids: some, states: ["ERROR"] }), 1);
    equal(await lake.reopen({ ids: some }), 1);
    equal(await lake.reopen({ ids: [] }), 0);
  });

  test("reopen makes an entry like new, except for its references", async ({ lake }) => {
    await submitOneOfEach(lake);
    await succeed(lake, await claim(lake));
    equal(await lake.reopen({}), 4);
    deepEqual((await lake.list({}, 10)).map((each) => each.reason), Array(4).fill(null));
    const claims = await claim(lake);
    deepEqual(names(claims), ["n0", "n1", "n2", "n3"]);
    for (const { attempts, entry, ...rest } of claims) {
      equal(attempts, 1);
      equal("reason" in rest, false);
      equal(entry["processed"], false);
      equal("skip" in entry, false);
      equal("bad_data" in entry, false);
    }
    await succeed(lake, claims, REF_B);
    const refs = (await lake.list({}, 10)).map((each) => each.refs.toSorted());
    deepEqual(refs, [[REF_A, REF_B], [REF_B], [REF_B], [REF_A, REF_B]]);
  });

  test("settle SUCCESS keeps a reference once that the entry already has", async ({ lake }) => {
    await lake.submit([upload("a")]);
    await succeed(lake, [await claimOne(lake)]);
    await lake.reopen({});
    const held = await claimOne(lake);
    deepEqual(held.entry["_ref"], [REF_A]);
    await succeed(lake, [held]);
    deepEqual((await only(lake)).refs, [REF_A]);
  });

  test("reopen leaves a claimed entry alone", async ({ lake }) => {
    await lake.submit([upload("a")]);
    const held = await claimOne(lake);
    equal(await lake.reopen({}), 0);
    deepEqual(await succeed(lake, [held]), []);
  });

  test("list shows an entry under a lease as CLAIMED", async ({ lake }) => {
    await lake.submit([upload("a")]);
    await claimOne(lake, nowSeconds());
    const { state, attempts } = await only(lake);
    deepEqual({ state, attempts }, { state: "CLAIMED", attempts: 1 });
  });

  test("status of an empty lake is all zeros", async ({ lake }) => {
    deepEqual(await lake.status(NOW), {
      counts: { WAITING: 0, CLAIMED: 0, DELAYED: 0, SUCCESS: 0, NOT_SUPPORTED: 0, ERROR: 0 },
      rejectedEvents: 0,
      oldestWaiting: null,
      maxAttempts: 0,
      leases: [],
      leaseOwners: 0,
    });
  });

  test("status counts entries by state and lists leases by owner", async ({ lake }) => {
    await submitOneOfEach(lake);
    await giveBack(lake, await claim(lake), NOW + 1000);
    await lake.submit(uploads(6));
    await claim(lake, { owner: "worker-1", limit: 1, lease: 90 });
    await claim(lake, { owner: "worker-1", limit: 2, lease: 60 });
    await claim(lake, { owner: "worker-2", limit: 1, lease: 30 });
    const { leases, ...rest } = await lake.status(NOW);
    deepEqual(rest, {
      counts: { WAITING: 2, CLAIMED: 4, DELAYED: 1, SUCCESS: 1, NOT_SUPPORTED: 1, ERROR: 1 },
      rejectedEvents: 0,
      oldestWaiting: NOW - 1000,
      maxAttempts: 1,
      leaseOwners: 2,
    });
    deepEqual(leases, [
      { owner: "worker-1", entries: 3, until: NOW + 60 },
      { owner: "worker-2", entries: 1, until: NOW + 30 },
    ]);
  });

  test("status lists those who hold most, and counts all who hold leases", async ({ lake }) => {
    await lake.submit(uploads(LISTED_OWNERS + 4));
    await claim(lake, { owner: "most", limit: 2 });
    for (let i = 0; i < LISTED_OWNERS + 2; i++) await claim(lake, { owner: `${i}`, limit: 1 });
    const { leases, leaseOwners } = await lake.status(NOW);
    deepEqual(leases[0], { owner: "most", entries: 2, until: NOW + 60 });
    deepEqual([leases.length, leaseOwners], [LISTED_OWNERS, LISTED_OWNERS + 3]);
  });

  test("status counts a lease that ran out as DELAYED", async ({ lake }) => {
    await lake.submit([upload("a")]);
    await claimOne(lake);
    await claimOne(lake, NOW + 61);
    const { counts, leases, maxAttempts } = await lake.status(NOW + 200);
    equal(counts.DELAYED, 1);
    equal(counts.CLAIMED, 0);
    equal(maxAttempts, 2);
    deepEqual(leases, []);
  });
}

/** Submits one waiting entry and a finished one in each final state. Returns their ids. */
async function submitOneOfEach(lake: CacheLake): Promise<string[]> {
  const ids = await lake.submit(uploads(3).map((each, i) => ({ ...each, typetag: `tag${i}` })));
  const [a, b, c] = await claim(lake) as [Claim, Claim, Claim];
  await lake.settle([
    { claim: a, outcome: { state: "SUCCESS", ref: REF_A } },
    { claim: b, outcome: { state: "NOT_SUPPORTED", reason: "no such type" } },
    { claim: c, outcome: { state: "ERROR", reason: "corrupt", badData: true } },
  ]);
  return [...ids, ...await lake.submit([upload("n3", { typetag: "tag2", timestamp: NOW })])];
}
