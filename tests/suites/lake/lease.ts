import { deepEqual, equal, notEqual } from "../../assert.ts";
import type { Claim } from "../../../lib/lake/lake.ts";
import {
  claim,
  claimOne,
  NOW,
  only,
  REF_A,
  REF_B,
  succeed,
  type Test,
  upload,
  uploads,
} from "./fixtures.ts";

export function leaseTests(test: Test): void {
  test("claim leaves an entry under a lease alone until the lease runs out", async ({ lake, again }) => {
    const other = await again();
    await lake.submit([upload("a")]);
    await claimOne(lake);
    deepEqual(await claim(other, { now: NOW + 59, owner: "worker-2" }), []);
    const late = await claimOne(other, NOW + 61, "worker-2");
    equal(late.attempts, 2);
    equal(late.owner, "worker-2");
    equal(late.reason, undefined);
  });

  test("renew extends a lease", async ({ lake }) => {
    await lake.submit(uploads(2));
    const claims = await claim(lake);
    deepEqual(await lake.renew(claims, NOW + 600), []);
    deepEqual(await claim(lake, { now: NOW + 599 }), []);
    equal((await claim(lake, { now: NOW + 601 })).length, 1);
  });

  test("renew returns the claims that lost their lease, and leaves the new leases", async ({ lake, again }) => {
    const other = await again();
    await lake.submit(uploads(3));
    const claims = await claim(lake);
    const [first, second, third] = claims as [Claim, Claim, Claim];
    deepEqual(await succeed(lake, [second]), []);
    equal((await claimOne(other, NOW + 61, "worker-2")).id, first.id);
    const lost = await lake.renew(claims, NOW + 10_000);
    deepEqual(lost.toSorted(), [first.id, second.id].toSorted());
    equal((await claimOne(other, NOW + 200, "worker-3")).id, first.id);
    deepEqual(await lake.renew([third], NOW + 300), []);
  });

  test("renew extends a lease that ran out if nobody has claimed the entry since", async ({ lake }) => {
    await lake.submit([upload("a")]);
    const held = await claimOne(lake);
    deepEqual(await lake.renew([held], NOW + 500), []);
    deepEqual(await claim(lake, { now: NOW + 100 }), []);
  });

  test("settle changes nothing after another owner has claimed the entry", async (opened) => {
    const { lake } = opened;
    const other = await opened.again();
    await lake.submit([upload("a")]);
    const early = await claimOne(lake);
    const late = await claimOne(other, NOW + 61, "worker-2");
    deepEqual(await succeed(lake, [early]), [early.id]);
    deepEqual((await only(lake)).refs, []);
    deepEqual(await succeed(other, [late], REF_B), []);
    deepEqual((await only(lake)).refs, [REF_B]);
  });

  test("settle changes nothing for an earlier attempt of the same owner", async ({ lake }) => {
    await lake.submit([upload("a")]);
    const early = await claimOne(lake);
    const late = await claimOne(lake, NOW + 61);
    equal(late.owner, early.owner);
    deepEqual(await succeed(lake, [early]), [early.id]);
    deepEqual(await succeed(lake, [{ ...late, owner: "worker-2" }]), [late.id]);
    notEqual((await only(lake)).state, "SUCCESS");
    deepEqual(await succeed(lake, [late]), []);
  });

  test("settle works after the lease ran out if nobody has claimed the entry since", async ({ lake }) => {
    await lake.submit([upload("a")]);
    const held = await claimOne(lake, NOW - 1_000_000);
    deepEqual(await succeed(lake, [held]), []);
    equal((await only(lake)).state, "SUCCESS");
  });

  test("settle refuses a claim that was settled before", async ({ lake }) => {
    await lake.submit(uploads(2));
    const [first, second] = await claim(lake) as [Claim, Claim];
    deepEqual(await succeed(lake, [first]), []);
    deepEqual(await succeed(lake, [first, second], REF_B), [first.id]);
    const refs = (await lake.list({}, 10)).map((each) => each.refs);
    deepEqual(refs, [[REF_B], [REF_A]]);
  });
}
