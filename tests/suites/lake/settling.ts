import assert from "node:assert/strict";
import type { Claim } from "../../../lib/lake/lake.ts";
import {
  claim,
  claimOne,
  giveBack,
  now,
  only,
  orgid,
  refA,
  succeed,
  type Test,
  upload,
  uploads,
} from "./fixtures.ts";

export function settling(test: Test): void {
  test("settle of nothing refuses nothing", async ({ lake }) => {
    assert.deepEqual(await lake.settle([]), []);
  });

  test("settle SUCCESS adds the reference and ends the entry", async ({ lake }) => {
    const [id] = await lake.submit([upload("a", { bytes: new Uint8Array(321) })]);
    await succeed(lake, [await claimOne(lake)]);
    assert.deepEqual(await only(lake), {
      id,
      state: "SUCCESS",
      name: "a",
      typetag: "sighting",
      orgid,
      timestamp: now - 1000,
      size: 321,
      attempts: 1,
      reason: null,
      refs: [refA],
    });
    assert.deepEqual(await claim(lake, { now: now + 1e9 }), []);
  });

  for (const state of ["NOT_SUPPORTED", "ERROR"] as const) {
    test(`settle ${state} keeps the reason and ends the entry`, async ({ lake }) => {
      await lake.submit([upload("a")]);
      const held = await claimOne(lake);
      const outcome = { state, reason: "no such type: x", badData: state === "ERROR" };
      assert.deepEqual(await lake.settle([{ claim: held, outcome }]), []);
      const { state: after, reason, refs, size, attempts } = await only(lake);
      assert.deepEqual(
        { after, reason, refs, size, attempts },
        { after: state, reason: "no such type: x", refs: [], size: 1, attempts: 1 },
      );
      assert.deepEqual(await claim(lake, { now: now + 1e9 }), []);
    });
  }

  test("settle RETRY keeps the entry from all until notBefore", async ({ lake, again }) => {
    const other = await again();
    await lake.submit([upload("a")]);
    await giveBack(lake, [await claimOne(lake)], now + 30);
    assert.deepEqual(await claim(other, { now: now + 29 }), []);
    const second = await claimOne(other, now + 30);
    assert.equal(second.attempts, 2);
    assert.equal(second.reason, "disk full");
    assert.equal(second.entry["processed"], false);
  });

  test("claim tells the reason of the attempt just before only", async ({ lake }) => {
    await lake.submit([upload("a")]);
    await giveBack(lake, [await claimOne(lake)]);
    assert.equal((await claimOne(lake)).reason, "disk full");
    const third = await claimOne(lake, now + 61);
    assert.equal(third.attempts, 3);
    assert.equal("reason" in third, false);
  });

  test("settle takes a batch of different outcomes", async ({ lake }) => {
    await lake.submit(uploads(4));
    const [a, b, c, d] = await claim(lake) as [Claim, Claim, Claim, Claim];
    const stale = { ...d, attempts: 7 };
    const refused = await lake.settle([
      { claim: a, outcome: { state: "SUCCESS", ref: refA } },
      { claim: b, outcome: { state: "ERROR", reason: "bad envelope" } },
      { claim: stale, outcome: { state: "ERROR", reason: "never written" } },
      { claim: c, outcome: { state: "RETRY", reason: "away", notBefore: now + 5 } },
    ]);
    assert.deepEqual(refused, [d.id]);
    const states = (await lake.list({}, 10)).map((
      { name, state, reason },
    ) => [name, state, reason]);
    assert.deepEqual(states.slice(1), [
      ["n2", "DELAYED", "away"],
      ["n1", "ERROR", "bad envelope"],
      ["n0", "SUCCESS", null],
    ]);
  });

  test("settle SUCCESS keeps why events were rejected, until it succeeds without", async ({ lake }) => {
    await lake.submit([upload("a")]);
    await giveBack(lake, [await claimOne(lake)]);
    const reason = "no address in it";
    const outcome = { state: "SUCCESS", ref: refA, events: "rejected", reason } as const;
    assert.deepEqual(await lake.settle([{ claim: await claimOne(lake), outcome }]), []);
    const rejected = await only(lake);
    assert.equal(rejected.state, "SUCCESS");
    assert.equal(rejected.events, "rejected");
    assert.equal(rejected.reason, reason);
    assert.deepEqual(rejected.refs, [refA]);

    assert.equal(await lake.reopen({ events: "rejected" }), 1);
    const reopened = await only(lake);
    assert.deepEqual([reopened.state, reopened.reason], ["WAITING", null]);
    assert.equal("events" in reopened, false);
    assert.equal((await lake.status(now)).rejectedEvents, 0);

    await succeed(lake, [await claimOne(lake)]);
    const succeeded = await only(lake);
    assert.deepEqual([succeeded.state, succeeded.reason], ["SUCCESS", null]);
    assert.equal("events" in succeeded, false);
    assert.deepEqual(await lake.list({ events: "rejected" }, 10), []);
  });

  test("settle SUCCESS clears the reason of an earlier attempt", async ({ lake }) => {
    await lake.submit([upload("a")]);
    await giveBack(lake, [await claimOne(lake)]);
    await succeed(lake, [await claimOne(lake)]);
    const { state, reason, attempts } = await only(lake);
    assert.deepEqual({ state, reason, attempts }, { state: "SUCCESS", reason: null, attempts: 2 });
  });
}
