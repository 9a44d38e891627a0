import { deepEqual, equal, ok } from "../../assert.ts";
import { nowSeconds } from "../../../lib/clock.ts";
import { withSteppedClock } from "../stepped_clock.ts";
import { ask, claim, elapsed, ids, pause, type Test } from "./fixtures.ts";

/** Registers tests of waiting, which takes real time. */
export function waitTests(test: Test): void {
  const never = new AbortController().signal;

  test("waitForWork resolves within a second when another handle asks a query", async (opened) => {
    const { inbox } = opened;
    const other = await opened.again();
    await claim(inbox);
    const waited = elapsed(inbox.waitForWork(20_000, never));
    await pause(500);
    await ask(other, 1);
    const ms = await waited;
    ok(ms >= 450 && ms < 1500, `${ms} ms`);
  });

  test("waitForWork resolves within a second when its own handle asks a query", async ({ inbox }) => {
    await claim(inbox);
    const waited = elapsed(inbox.waitForWork(20_000, never));
    await pause(300);
    await ask(inbox, 1);
    const ms = await waited;
    ok(ms < 1300, `${ms} ms`);
  });

  for (const when of ["first", "next"]) {
    test(`the ${when} waitForWork resolves for a query asked since the last claim`, async (opened) => {
      const { inbox } = opened;
      const other = await opened.again();
      if (when === "next") await inbox.waitForWork(50, never);
      deepEqual(await claim(inbox), []);
      await ask(other, 1);
      const ms = await elapsed(inbox.waitForWork(20_000, never));
      ok(ms < 1000, `${ms} ms`);
    });
  }

  test("waitForWork resolves when a query is asked again", async (opened) => {
    const { inbox } = opened;
    const other = await opened.again();
    await ask(inbox, 1);
    await claim(inbox);
    deepEqual(await claim(inbox), []);
    const waited = elapsed(inbox.waitForWork(20_000, never));
    await pause(300);
    await ask(other, 1);
    const ms = await waited;
    ok(ms < 1300, `${ms} ms`);
  });

  test("waitForWork resolves when a lease runs out", async ({ inbox }) => {
    await ask(inbox, 1);
    const [held] = await claim(inbox, { now: nowSeconds(), lease: 1 });
    deepEqual(await claim(inbox, { now: nowSeconds() }), []);
    const ms = await elapsed(inbox.waitForWork(20_000, never));
    ok(ms > 500 && ms < 2000, `${ms} ms`);
    deepEqual(ids(await claim(inbox, { now: nowSeconds() })), [held?.id]);
  });

  test("waitForWork resolves when a query that was given back can be claimed", async (opened) => {
    const { inbox } = opened;
    const other = await opened.again();
    await ask(inbox, 1);
    const claims = await claim(inbox, { now: nowSeconds() });
    deepEqual(await claim(inbox, { now: nowSeconds() }), []);
    const waited = elapsed(inbox.waitForWork(20_000, never));
    await pause(200);
    await other.giveBack(claims, "away", nowSeconds() + 0.5);
    const ms = await waited;
    ok(ms > 500 && ms < 2000, `${ms} ms`);
    equal((await claim(inbox, { now: nowSeconds() })).length, 1);
  });

  test("waitForWork waits while nothing can be claimed", async ({ inbox }) => {
    await ask(inbox, 1, 2);
    const now = nowSeconds();
    await inbox.giveBack(await claim(inbox, { limit: 1, now }), "away", now + 100);
    await claim(inbox, { now });
    deepEqual(await claim(inbox, { now }), []);
    const ms = await elapsed(inbox.waitForWork(700, never));
    ok(ms >= 690 && ms < 1700, `${ms} ms`);
  });

  for (const step of [-5000, 5000]) {
    test(`waitForWork rests as long as it should when the clock steps by ${step} ms`, async (opened) => {
      const { inbox } = opened;
      await ask(inbox, 1);
      const now = nowSeconds();
      await claim(inbox, { now, lease: 100 });
      deepEqual(await claim(inbox, { now }), []);
      const ms = await withSteppedClock({ ms: step, after: 100 }, async () => {
        const waited = elapsed(inbox.waitForWork(700, never));
        await pause(300);
        // A write of another kind makes a waiting worker look again.
        await inbox.renew(await claim(inbox, { now }), now + 200);
        return await waited;
      });
      ok(ms >= 690 && ms < 1700, `${ms} ms`);
    });
  }

  test("waitForWork resolves when the signal is aborted", async ({ inbox }) => {
    const controller = new AbortController();
    const waited = elapsed(inbox.waitForWork(20_000, controller.signal));
    await pause(200);
    controller.abort();
    const ms = await waited;
    ok(ms < 700, `${ms} ms`);
    const again = await elapsed(inbox.waitForWork(20_000, controller.signal));
    ok(again < 200, `${again} ms`);
  });
}
