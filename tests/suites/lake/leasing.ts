import assert from "node:assert/strict";
import type { Claim } from "../../../lib/lake/lake.ts";
import {
  claim,
  claimOne,
  now,
  only,
  refA,
  refB,
  succeed,
  type Test,
  upload,
  uploads,
} from "./fixtures.ts";

export function leases(test: Test): void {
  test("claim leaves alone what is under a lease, until it runs out", async ({ lake, again }) => {
    const other = await again();
    await lake.submit([upload("a")]);
    await claimOne(lake);
    assert.deepEqual(await claim(other, { now: now + 59, owner: "worker-2" }), []);
    const late = await claimOne(other, now + 61, "worker-2");
    assert.equal(late.attempts, 2);
    assert.equal(late.owner, "worker-2");
    assert.equal(late.reason, undefined);
  });

  test("renew makes a lease last", async ({ lake }) => {
    await lake.submit(uploads(2));
    const claims = await claim(lake);
    assert.deepEqual(await lake.renew(claims, now + 600), []);
    assert.deepEqual(await claim(lake, { now: now + 599 }), []);
    assert.equal((await claim(lake, { now: now + 601 })).length, 1);
  });

  test("renew returns the claims that are lost and leaves their leases", async ({ lake, again }) => {
    const other = await again();
    await lake.submit(uploads(3));
    const claims = await claim(lake);
    const [first, second, third] = claims as [Claim, Claim, Claim];
    assert.deepEqual(await succeed(lake, [second]), []);
    assert.equal((await claimOne(other, now + 61, "worker-2")).id, first.id);
    const lost = await lake.renew(claims, now + 10_000);
    assert.deepEqual(lost.toSorted(), [first.id, second.id].toSorted());
    assert.equal((await claimOne(other, now + 200, "worker-3")).id, first.id);
    assert.deepEqual(await lake.renew([third], now + 300), []);
  });

  test("renew keeps a lease that ran out but was not taken", async ({ lake }) => {
    await lake.submit([upload("a")]);
    const held = await claimOne(lake);
    assert.deepEqual(await lake.renew([held], now + 500), []);
    assert.deepEqual(await claim(lake, { now: now + 100 }), []);
  });

  test("settle after the lease was taken by another owner changes nothing", async (opened) => {
    const { lake } = opened;
    const other = await opened.again();
    await lake.submit([upload("a")]);
    const early = await claimOne(lake);
    const late = await claimOne(other, now + 61, "worker-2");
    assert.deepEqual(await succeed(lake, [early]), [early.id]);
    assert.deepEqual((await only(lake)).refs, []);
    assert.deepEqual(await succeed(other, [late], refB), []);
    assert.deepEqual((await only(lake)).refs, [refB]);
  });

  test("settle by the same owner with another attempt changes nothing", async ({ lake }) => {
    await lake.submit([upload("a")]);
    const early = await claimOne(lake);
    const late = await claimOne(lake, now + 61);
    assert.equal(late.owner, early.owner);
    assert.deepEqual(await succeed(lake, [early]), [early.id]);
    assert.deepEqual(await succeed(lake, [{ ...late, owner: "worker-2" }]), [late.id]);
    assert.notEqual((await only(lake)).state, "SUCCESS");
    assert.deepEqual(await succeed(lake, [late]), []);
  });

  test("settle is accepted after the lease ran out if nobody took it", async ({ lake }) => {
    await lake.submit([upload("a")]);
    const held = await claimOne(lake, now - 1_000_000);
    assert.deepEqual(await succeed(lake, [held]), []);
    assert.equal((await only(lake)).state, "SUCCESS");
  });

  test("settle of a settled claim is refused", async ({ lake }) => {
    await lake.submit(uploads(2));
    const [first, second] = await claim(lake) as [Claim, Claim];
    assert.deepEqual(await succeed(lake, [first]), []);
    assert.deepEqual(await succeed(lake, [first, second], refB), [first.id]);
    const refs = (await lake.list({}, 10)).map((each) => each.refs);
    assert.deepEqual(refs, [[refB], [refA]]);
  });
}
