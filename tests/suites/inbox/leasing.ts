import assert from "node:assert/strict";
import type { QueryClaim } from "../../../lib/tdql/inbox.ts";
import {
  ask,
  claim,
  claimOne,
  failed,
  finish,
  ids,
  later,
  now,
  ready,
  statusOf,
  stored,
  type Test,
} from "./fixtures.ts";

export function leasing(test: Test): void {
  test("claim leaves alone what is under a lease, until it runs out", async (opened) => {
    const other = await opened.again();
    await ask(opened.inbox, 1);
    await claimOne(opened.inbox);
    assert.deepEqual(await claim(other, { now: now + 59.9, owner: "worker-2" }), []);
    const late = await claimOne(other, now + 60, "worker-2");
    assert.deepEqual([late.owner, late.attempts], ["worker-2", 2]);
  });

  test("renew makes a lease last", async ({ inbox }) => {
    await ask(inbox, 1, 2);
    assert.deepEqual(await inbox.renew(await claim(inbox), now + 600.5), []);
    assert.deepEqual(await claim(inbox, { now: now + 600.25 }), []);
    assert.equal((await claim(inbox, { now: now + 600.5 })).length, 1);
  });

  test("renew returns the claims that are lost and leaves their leases", async (opened) => {
    const { inbox } = opened;
    await ask(inbox, 1, 2, 3);
    const claims = await claim(inbox);
    const [first, second, third] = claims as [QueryClaim, QueryClaim, QueryClaim];
    await finish(opened, second);
    await inbox.renew([third], now + 100);
    assert.equal((await claimOne(inbox, now + 61, "worker-2")).id, first.id);
    assert.deepEqual(await inbox.renew(claims, later), [first.id, second.id]);
    assert.equal((await claimOne(inbox, now + 200, "worker-3")).id, first.id);
    assert.deepEqual(await inbox.renew([], later), []);
  });

  test("renew keeps a lease that ran out but was not taken", async ({ inbox }) => {
    await ask(inbox, 1);
    const held = await claimOne(inbox);
    assert.deepEqual(await inbox.renew([held], now + 500), []);
    assert.deepEqual(await claim(inbox, { now: now + 100 }), []);
  });

  test("finish after the lease was taken changes nothing", async (opened) => {
    await ask(opened.inbox, 1);
    const early = await claimOne(opened.inbox);
    const late = await claimOne(opened.inbox, now + 61, "worker-2");
    assert.equal(await finish(opened, early), undefined);
    assert.deepEqual(statusOf(await stored(opened, early.id)), [["processing"], [""]]);
    await finish(opened, late, failed);
    assert.equal(await finish(opened, early, ready), undefined);
    assert.deepEqual(statusOf(await stored(opened, early.id)), [["failed"], [failed.report._hash]]);
  });

  test("finish by the same owner with another attempt changes nothing", async (opened) => {
    await ask(opened.inbox, 1);
    const early = await claimOne(opened.inbox);
    const late = await claimOne(opened.inbox, now + 61);
    assert.equal(await finish(opened, early), undefined);
    assert.equal(await finish(opened, { ...late, owner: "worker-2" }), undefined);
    assert.notEqual(await finish(opened, late), undefined);
    assert.equal(await finish(opened, late), undefined);
  });

  test("finish is accepted after the lease ran out if nobody took it", async (opened) => {
    await ask(opened.inbox, 1);
    const held = await claimOne(opened.inbox, now - 1e6);
    assert.notEqual(await finish(opened, held), undefined);
  });

  test("giveBack keeps the query from all until notBefore", async (opened) => {
    const { inbox } = opened;
    const other = await opened.again();
    await ask(inbox, 1, 2);
    const claims = await claim(inbox);
    await inbox.giveBack(claims, "away", now + 30.5);
    assert.deepEqual(await claim(other, { now: now + 30.25 }), []);
    assert.deepEqual(statusOf(await stored(opened, claims[0]!.id)), [["processing"], [""]]);
    const second = await claim(other, { now: now + 30.5 });
    assert.deepEqual(ids(second), ids(claims));
    assert.deepEqual(second.map(({ attempts, reason }) => [attempts, reason]), [
      [2, "away"],
      [2, "away"],
    ]);
  });

  test("giveBack of what is lost leaves the lease of its new owner", async (opened) => {
    const { inbox } = opened;
    await ask(inbox, 1);
    const early = await claimOne(inbox);
    const late = await claimOne(inbox, now + 61, "worker-2");
    await inbox.giveBack([early], "away", now);
    assert.deepEqual(await claim(inbox, { now: now + 62 }), []);
    assert.notEqual(await finish(opened, late), undefined);
    await inbox.giveBack([late], "away", now);
    assert.deepEqual(await claim(inbox, { now: later }), []);
  });

  test("what was given back is its worker's no more", async (opened) => {
    await ask(opened.inbox, 1);
    const held = await claimOne(opened.inbox);
    await opened.inbox.giveBack([held], "stopped", now);
    assert.equal(await finish(opened, held), undefined);
    assert.deepEqual(await opened.inbox.renew([held], later), [held.id]);
    assert.equal((await claimOne(opened.inbox)).attempts, 2);
  });
}
