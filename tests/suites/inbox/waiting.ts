import assert from "node:assert/strict";
import { nowSeconds } from "../../../lib/clock.ts";
import { ask, claim, elapsed, ids, pause, type Test } from "./fixtures.ts";

/** Waiting goes by the clock. */
export function waiting(test: Test): void {
  const never = new AbortController().signal;

  test("waitForWork resolves within a second of a question elsewhere", async (opened) => {
    const { inbox } = opened;
    const other = await opened.again();
    await claim(inbox);
    const waited = elapsed(inbox.waitForWork(20_000, never));
    await pause(500);
    await ask(other, 1);
    const ms = await waited;
    assert.ok(ms >= 450 && ms < 1500, `${ms} ms`);
  });

  test("waitForWork resolves within a second of its own handle's question", async ({ inbox }) => {
    await claim(inbox);
    const waited = elapsed(inbox.waitForWork(20_000, never));
    await pause(300);
    await ask(inbox, 1);
    const ms = await waited;
    assert.ok(ms < 1300, `${ms} ms`);
  });

  for (const when of ["first", "next"]) {
    test(`the ${when} waitForWork sees what was asked since the last claim`, async (opened) => {
      const { inbox } = opened;
      const other = await opened.again();
      if (when === "next") await inbox.waitForWork(50, never);
      assert.deepEqual(await claim(inbox), []);
      await ask(other, 1);
      const ms = await elapsed(inbox.waitForWork(20_000, never));
      assert.ok(ms < 1000, `${ms} ms`);
    });
  }

  test("waitForWork resolves when a query is asked again", async (opened) => {
    const { inbox } = opened;
    const other = await opened.again();
    await ask(inbox, 1);
    await claim(inbox);
    assert.deepEqual(await claim(inbox), []);
    const waited = elapsed(inbox.waitForWork(20_000, never));
    await pause(300);
    await ask(other, 1);
    const ms = await waited;
    assert.ok(ms < 1300, `${ms} ms`);
  });

  test("waitForWork resolves when a lease runs out", async ({ inbox }) => {
    await ask(inbox, 1);
    const [held] = await claim(inbox, { now: nowSeconds(), lease: 1 });
    assert.deepEqual(await claim(inbox, { now: nowSeconds() }), []);
    const ms = await elapsed(inbox.waitForWork(20_000, never));
    assert.ok(ms > 500 && ms < 2000, `${ms} ms`);
    assert.deepEqual(ids(await claim(inbox, { now: nowSeconds() })), [held?.id]);
  });

  test("waitForWork resolves when the time comes of what was given back", async (opened) => {
    const { inbox } = opened;
    const other = await opened.again();
    await ask(inbox, 1);
    const claims = await claim(inbox, { now: nowSeconds() });
    assert.deepEqual(await claim(inbox, { now: nowSeconds() }), []);
    const waited = elapsed(inbox.waitForWork(20_000, never));
    await pause(200);
    await other.giveBack(claims, "away", nowSeconds() + 0.5);
    const ms = await waited;
    assert.ok(ms > 500 && ms < 2000, `${ms} ms`);
    assert.equal((await claim(inbox, { now: nowSeconds() })).length, 1);
  });

  test("waitForWork rests while nothing can be claimed", async ({ inbox }) => {
    await ask(inbox, 1, 2);
    const now = nowSeconds();
    await inbox.giveBack(await claim(inbox, { limit: 1, now }), "away", now + 100);
    await claim(inbox, { now });
    assert.deepEqual(await claim(inbox, { now }), []);
    const ms = await elapsed(inbox.waitForWork(700, never));
    assert.ok(ms >= 690 && ms < 1700, `${ms} ms`);
  });

  test("waitForWork resolves when the signal aborts", async ({ inbox }) => {
    const controller = new AbortController();
    const waited = elapsed(inbox.waitForWork(20_000, controller.signal));
    await pause(200);
    controller.abort();
    const ms = await waited;
    assert.ok(ms < 700, `${ms} ms`);
    const again = await elapsed(inbox.waitForWork(20_000, controller.signal));
    assert.ok(again < 200, `${again} ms`);
  });
}
