import { deepEqual, equal } from "../../assert.ts";
import type { Claim } from "../../../lib/lake/lake.ts";
import {
  claim,
  claimOne,
  giveBack,
  NOW,
  only,
  ORGID,
  REF_A,
  REF_B,
  succeed,
  type Test,
  upload,
  uploads,
} from "./fixtures.ts";

export function settleTests(test: Test): void {
  test("settle of nothing refuses nothing", async ({ lake }) => {
    deepEqual(await lake.settle([]), []);
  });

  test("settle SUCCESS adds the reference and finishes the entry", async ({ lake }) => {
    const [id] = await lake.submit([upload("a", { bytes: new Uint8Array(321) })]);
    await succeed(lake, [await claimOne(lake)]);
    deepEqual(await only(lake), {
      id,
      state: "SUCCESS",
      name: "a",
      typetag: "sighting",
      orgid: ORGID,
      timestamp: NOW - 1000,
      size: 321,
      attempts: 1,
      reason: null,
      refs: [REF_A],
    });
    deepEqual(await claim(lake, { now: NOW + 1e9 }), []);
  });

  for (const state of ["NOT_SUPPORTED", "ERROR"] as const) {
    test(`settle ${state} keeps the reason and finishes the entry`, async ({ lake }) => {
      await lake.submit([upload("a")]);
      const held = await claimOne(lake);
      const outcome = { state, reason: "no such type: x", badData: state === "ERROR" };
      deepEqual(await lake.settle([{ claim: held, outcome }]), []);
      const { state: after, reason, refs, size, attempts } = await only(lake);
      deepEqual(
        { after, reason, refs, size, attempts },
        { after: state, reason: "no such type: x", refs: [], size: 1, attempts: 1 },
      );
      deepEqual(await claim(lake, { now: NOW + 1e9 }), []);
    });
  }

  test("settle RETRY lets nobody claim the entry before notBefore", async ({ lake, again }) => {
    const other = await again();
    await lake.submit([upload("a")]);
    await giveBack(lake, [await claimOne(lake)], NOW + 30);
    deepEqual(await claim(other, { now: NOW + 29 }), []);
    const second = await claimOne(other, NOW + 30);
    equal(second.attempts, 2);
    equal(second.reason, "disk full");
    equal(second.entry["processed"], false);
  });

  test("claim returns the reason of the previous attempt, and of no earlier one", async ({ lake }) => {
    await lake.submit([upload("a")]);
    await giveBack(lake, [await claimOne(lake)]);
    equal((await claimOne(lake)).reason, "disk full");
    const third = await claimOne(lake, NOW + 61);
    equal(third.attempts, 3);
    equal("reason" in third, false);
  });

  test("settle writes a batch of different outcomes", async ({ lake }) => {
    await lake.submit(uploads(4));
    const [a, b, c, d] = await claim(lake) as [Claim, Claim, Claim, Claim];
    const stale = { ...d, attempts: 7 };
    const refused = await lake.settle([
      { claim: a, outcome: { state: "SUCCESS", ref: REF_A } },
      { claim: b, outcome: { state: "ERROR", reason: "bad envelope" } },
      { claim: stale, outcome: { state: "ERROR", reason: "never written" } },
      { claim: c, outcome: { state: "RETRY", reason: "away", notBefore: NOW + 5 } },
    ]);
    deepEqual(refused, [d.id]);
    const states = (await lake.list({}, 10)).map((
      { name, state, reason },
    ) => [name, state, reason]);
    deepEqual(states.slice(1), [
      ["n2", "DELAYED", "away"],
      ["n1", "ERROR", "bad envelope"],
      ["n0", "SUCCESS", null],
    ]);
  });

  test("settle SUCCESS keeps why events were rejected until a later success has events", async ({ lake }) => {
    await lake.submit([upload("a")]);
    await giveBack(lake, [await claimOne(lake)]);
    const reason = "no address in it";
    const outcome = { state: "SUCCESS", ref: REF_A, events: "rejected", reason } as const;
    deepEqual(await lake.settle([{ claim: await claimOne(lake), outcome }]), []);
    const rejected = await only(lake);
    equal(rejected.state, "SUCCESS");
    equal(rejected.events, "rejected");
    equal(rejected.reason, reason);
    deepEqual(rejected.refs, [REF_A]);

    equal(await lake.reopen({ events: "rejected" }), 1);
    const reopened = await only(lake);
    deepEqual([reopened.state, reopened.reason], ["WAITING", null]);
    equal("events" in reopened, false);
    equal((await lake.status(NOW)).rejectedEvents, 0);

    await succeed(lake, [await claimOne(lake)]);
    const succeeded = await only(lake);
    deepEqual([succeeded.state, succeeded.reason], ["SUCCESS", null]);
    equal("events" in succeeded, false);
    deepEqual(await lake.list({ events: "rejected" }, 10), []);
  });

  test("noteEventsMade takes the entries of its Raws out of the quarantine, and no others", async ({ lake }) => {
    await lake.submit(uploads(3));
    const [a, b, c] = await claim(lake) as [Claim, Claim, Claim];
    const rejected = { state: "SUCCESS", events: "rejected", reason: "odd" } as const;
    await lake.settle([
      { claim: a, outcome: { ...rejected, ref: REF_A } },
      { claim: b, outcome: { ...rejected, ref: REF_B } },
      { claim: c, outcome: { state: "ERROR", reason: "bad envelope" } },
    ]);
    equal(await lake.noteEventsMade([REF_A]), 1);
    equal(await lake.noteEventsMade([REF_A]), 0);
    deepEqual((await lake.list({ events: "rejected" }, 10)).map(({ name }) => name), ["n1"]);
    const [error, other, made] = await lake.list({}, 10);
    deepEqual([error?.reason, other?.reason, made?.reason], ["bad envelope", "odd", null]);
    deepEqual([made?.state, made?.refs], ["SUCCESS", [REF_A]]);
    equal((await lake.status(NOW)).rejectedEvents, 1);
  });

  test("settle SUCCESS clears the reason of an earlier attempt", async ({ lake }) => {
    await lake.submit([upload("a")]);
    await giveBack(lake, [await claimOne(lake)]);
    await succeed(lake, [await claimOne(lake)]);
    const { state, reason, attempts } = await only(lake);
    deepEqual({ state, reason, attempts }, { state: "SUCCESS", reason: null, attempts: 2 });
  });
}
