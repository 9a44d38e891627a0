import { deepEqual, equal, notEqual } from "../../assert.ts";
import type { QueryClaim } from "../../../lib/tdql/inbox.ts";
import {
  ask,
  claim,
  claimOne,
  FAILED,
  finish,
  ids,
  LATER,
  NOW,
  READY,
  statusOf,
  stored,
  type Test,
} from "./fixtures.ts";

export function leaseTests(test: Test): void {
  test("claim leaves a query under a lease until the lease runs out", async (opened) => {
    const other = await opened.again();
    await ask(opened.inbox, 1);
    await claimOne(opened.inbox);
    deepEqual(await claim(other, { now: NOW + 59.9, owner: "worker-2" }), []);
    const late = await claimOne(other, NOW + 60, "worker-2");
    deepEqual([late.owner, late.attempts], ["worker-2", 2]);
  });

  test("renew extends a lease", async ({ inbox }) => {
    await ask(inbox, 1, 2);
    deepEqual(await inbox.renew(await claim(inbox), NOW + 600.5), []);
    deepEqual(await claim(inbox, { now: NOW + 600.25 }), []);
    equal((await claim(inbox, { now: NOW + 600.5 })).length, 1);
  });

  test("renew returns the claims that are lost and leaves their leases", async (opened) => {
    const { inbox } = opened;
    await ask(inbox, 1, 2, 3);
    const claims = await claim(inbox);
    const [first, second, third] = claims as [QueryClaim, QueryClaim, QueryClaim];
    await finish(opened, second);
    await inbox.renew([third], NOW + 100);
    equal((await claimOne(inbox, NOW + 61, "worker-2")).id, first.id);
    deepEqual(await inbox.renew(claims, LATER), [first.id, second.id]);
    equal((await claimOne(inbox, NOW + 200, "worker-3")).id, first.id);
    deepEqual(await inbox.renew([], LATER), []);
  });

  test("renew extends a lease that ran out but was not taken over", async ({ inbox }) => {
    await ask(inbox, 1);
    const held = await claimOne(inbox);
    deepEqual(await inbox.renew([held], NOW + 500), []);
    deepEqual(await claim(inbox, { now: NOW + 100 }), []);
  });

  test("finish after another worker took over changes nothing", async (opened) => {
    await ask(opened.inbox, 1);
    const early = await claimOne(opened.inbox);
    const late = await claimOne(opened.inbox, NOW + 61, "worker-2");
    equal(await finish(opened, early), undefined);
    deepEqual(statusOf(await stored(opened, early.id)), [["processing"], [""]]);
    await finish(opened, late, FAILED);
    equal(await finish(opened, early, READY), undefined);
    deepEqual(statusOf(await stored(opened, early.id)), [["failed"], [FAILED.report._hash]]);
  });

  test("finish by the same owner with another attempt changes nothing", async (opened) => {
    await ask(opened.inbox, 1);
    const early = await claimOne(opened.inbox);
    const late = await claimOne(opened.inbox, NOW + 61);
    equal(await finish(opened, early), undefined);
    equal(await finish(opened, { ...late, owner: "worker-2" }), undefined);
    notEqual(await finish(opened, late), undefined);
    equal(await finish(opened, late), undefined);
  });

  test("finish is accepted after the lease ran out if no worker took over", async (opened) => {
    await ask(opened.inbox, 1);
    const held = await claimOne(opened.inbox, NOW - 1e6);
    notEqual(await finish(opened, held), undefined);
  });

  test("giveBack keeps all workers from the query until notBefore", async (opened) => {
    const { inbox } = opened;
    const other = await opened.again();
    await ask(inbox, 1, 2);
    const claims = await claim(inbox);
    await inbox.giveBack(claims, "away", NOW + 30.5);
    deepEqual(await claim(other, { now: NOW + 30.25 }), []);
    deepEqual(statusOf(await stored(opened, claims[0]!.id)), [["processing"], [""]]);
    const second = await claim(other, { now: NOW + 30.5 });
    deepEqual(ids(second), ids(claims));
    deepEqual(second.map(({ attempts, reason }) => [attempts, reason]), [
      [2, "away"],
      [2, "away"],
    ]);
  });

  test("giveBack of a lost claim leaves the lease of the new owner", async (opened) => {
    const { inbox } = opened;
    await ask(inbox, 1);
    const early = await claimOne(inbox);
    const late = await claimOne(inbox, NOW + 61, "worker-2");
    await inbox.giveBack([early], "away", NOW);
    deepEqual(await claim(inbox, { now: NOW + 62 }), []);
    notEqual(await finish(opened, late), undefined);
    await inbox.giveBack([late], "away", NOW);
    deepEqual(await claim(inbox, { now: LATER }), []);
  });

  test("finish and renew after giveBack change nothing", async (opened) => {
    await ask(opened.inbox, 1);
    const held = await claimOne(opened.inbox);
    await opened.inbox.giveBack([held], "stopped", NOW);
    equal(await finish(opened, held), undefined);
    deepEqual(await opened.inbox.renew([held], LATER), [held.id]);
    equal((await claimOne(opened.inbox)).attempts, 2);
  });
}
