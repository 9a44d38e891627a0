import assert from "node:assert/strict";
import { ask, claim, claimOne, failed, finish, now, type Test } from "./fixtures.ts";

const none = { invalid: 0, wait: 0, processing: 0, delayed: 0, ready: 0, failed: 0 };

export function looking(test: Test): void {
  test("status of an empty inbox", async ({ inbox }) => {
    assert.deepEqual(await inbox.status(now), {
      counts: none,
      oldestWaiting: null,
      maxAttempts: 0,
      leases: [],
    });
  });

  test("status counts by status and shows leases by owner", async (opened) => {
    const { inbox } = opened;
    await ask(inbox, 1, 2, 3, 4, 5, 6, 7, 8);
    const [first, second, third, fourth] = await claim(inbox, { limit: 4 });
    await finish(opened, first!);
    await finish(opened, second!, failed);
    await finish(opened, third!, failed);
    await inbox.giveBack([fourth!], "away", now + 1000);
    await claim(inbox, { limit: 1, lease: 90 });
    await claim(inbox, { limit: 1, lease: 60 });
    await claim(inbox, { limit: 1, lease: 30, owner: "worker-2" });
    const { leases, ...rest } = await inbox.status(now);
    assert.deepEqual(rest, {
      counts: { ...none, wait: 1, processing: 3, delayed: 1, ready: 1, failed: 2 },
      oldestWaiting: now - 1000 + 4.25,
      maxAttempts: 1,
    });
    assert.deepEqual(leases.toSorted((a, b) => a.owner < b.owner ? -1 : 1), [
      { owner: "worker-1", queries: 2, until: now + 60 },
      { owner: "worker-2", queries: 1, until: now + 30 },
    ]);
  });

  test("status shows no lease that ran out", async ({ inbox }) => {
    await ask(inbox, 1);
    await claimOne(inbox);
    await claimOne(inbox, now + 61);
    const { counts, leases, maxAttempts } = await inbox.status(now + 200);
    assert.deepEqual({ counts, leases, maxAttempts }, {
      counts: { ...none, processing: 1 },
      leases: [],
      maxAttempts: 2,
    });
  });

  test("status looks at nothing of what has ended but its number", async (opened) => {
    await ask(opened.inbox, 1);
    await claimOne(opened.inbox);
    await finish(opened, await claimOne(opened.inbox, now + 61));
    const { counts, ...rest } = await opened.inbox.status(now);
    assert.deepEqual(counts, { ...none, ready: 1 });
    assert.deepEqual(rest, { oldestWaiting: null, maxAttempts: 0, leases: [] });
  });
}
