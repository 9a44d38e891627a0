import { deepEqual } from "../../assert.ts";
import { LISTED_OWNERS } from "../../../lib/lease_owners.ts";
import { ask, claim, claimOne, FAILED, finish, NOW, type Test } from "./fixtures.ts";

const NONE = { invalid: 0, wait: 0, processing: 0, delayed: 0, ready: 0, failed: 0 };

export function statusTests(test: Test): void {
  test("status of an empty inbox is all zero", async ({ inbox }) => {
    deepEqual(await inbox.status(NOW), {
      counts: NONE,
      oldestWaiting: null,
      maxAttempts: 0,
      leases: [],
      leaseOwners: 0,
    });
  });

  test("status counts by status and shows leases by owner", async (opened) => {
    const { inbox } = opened;
    await ask(inbox, 1, 2, 3, 4, 5, 6, 7, 8);
    const [first, second, third, fourth] = await claim(inbox, { limit: 4 });
    await finish(opened, first!);
    await finish(opened, second!, FAILED);
    await finish(opened, third!, FAILED);
    await inbox.giveBack([fourth!], "away", NOW + 1000);
    await claim(inbox, { limit: 1, lease: 90 });
    await claim(inbox, { limit: 1, lease: 60 });
    await claim(inbox, { limit: 1, lease: 30, owner: "worker-2" });
    const { leases, ...rest } = await inbox.status(NOW);
    deepEqual(rest, {
      counts: { ...NONE, wait: 1, processing: 3, delayed: 1, ready: 1, failed: 2 },
      oldestWaiting: NOW - 1000 + 4.25,
      maxAttempts: 1,
      leaseOwners: 2,
    });
    deepEqual(leases, [
      { owner: "worker-1", queries: 2, until: NOW + 60 },
      { owner: "worker-2", queries: 1, until: NOW + 30 },
    ]);
  });

  test("status shows those who hold most, and counts all who hold leases", async ({ inbox }) => {
    await ask(inbox, ...Array.from({ length: LISTED_OWNERS + 4 }, (_, i) => i));
    await claim(inbox, { owner: "most", limit: 2 });
    for (let i = 0; i < LISTED_OWNERS + 2; i++) await claim(inbox, { owner: `${i}`, limit: 1 });
    const { leases, leaseOwners } = await inbox.status(NOW);
    deepEqual(leases[0], { owner: "most", queries: 2, until: NOW + 60 });
    deepEqual([leases.length, leaseOwners], [LISTED_OWNERS, LISTED_OWNERS + 3]);
  });

  test("status does not show leases that ran out", async ({ inbox }) => {
    await ask(inbox, 1);
    await claimOne(inbox);
    await claimOne(inbox, NOW + 61);
    const { counts, leases, maxAttempts } = await inbox.status(NOW + 200);
    deepEqual({ counts, leases, maxAttempts }, {
      counts: { ...NONE, processing: 1 },
      leases: [],
      maxAttempts: 2,
    });
  });

  test("status shows only the number of queries that have ended", async (opened) => {
    await ask(opened.inbox, 1);
    await claimOne(opened.inbox);
    await finish(opened, await claimOne(opened.inbox, NOW + 61));
    const { counts, ...rest } = await opened.inbox.status(NOW);
    deepEqual(counts, { ...NONE, ready: 1 });
    deepEqual(rest, { oldestWaiting: null, maxAttempts: 0, leases: [], leaseOwners: 0 });
  });
}
