import { deepEqual, ok } from "../../assert.ts";
import { withSteppedClock } from "../stepped_clock.ts";
import { claim, claimOne, elapsed, pause, succeed, type Test, upload } from "./fixtures.ts";

export function waitTests(test: Test): void {
  const never = new AbortController().signal;

  test("waitForWork resolves within a second of a submit", async ({ lake, again }) => {
    const other = await again();
    await claim(lake);
    const waited = elapsed(lake.waitForWork(20_000, never));
    await pause(500);
    await other.submit([upload("a")]);
    const ms = await waited;
    ok(ms >= 450 && ms < 1500, `${ms} ms`);
  });

  test("waitForWork resolves within a second of its own handle's submit", async ({ lake }) => {
    await claim(lake);
    const waited = elapsed(lake.waitForWork(20_000, never));
    await pause(300);
    await lake.submit([upload("a")]);
    const ms = await waited;
    ok(ms < 1300, `${ms} ms`);
  });

  for (const when of ["first", "next"]) {
    test(`the ${when} waitForWork notices what has arrived since the last claim`, async (opened) => {
      const { lake } = opened;
      const other = await opened.again();
      if (when === "next") await lake.waitForWork(50, never);
      deepEqual(await claim(lake), []);
      await other.submit([upload("a")]);
      const ms = await elapsed(lake.waitForWork(20_000, never));
      ok(ms < 1000, `${ms} ms`);
    });
  }

  test("waitForWork resolves within a second of a reopen", async ({ lake, again }) => {
    const other = await again();
    await lake.submit([upload("a")]);
    await succeed(lake, [await claimOne(lake)]);
    deepEqual(await claim(lake), []);
    const waited = elapsed(lake.waitForWork(20_000, never));
    await pause(300);
    await other.reopen({});
    const ms = await waited;
    ok(ms < 1300, `${ms} ms`);
  });

  test("waitForWork resolves after its time when nothing arrives", async ({ lake }) => {
    const ms = await elapsed(lake.waitForWork(300, never));
    ok(ms >= 290 && ms < 1300, `${ms} ms`);
  });

  for (const step of [-5000, 5000]) {
    test(`waitForWork rests as long as it should when the clock steps by ${step} ms`, async ({ lake }) => {
      deepEqual(await claim(lake), []);
      const ms = await withSteppedClock(
        { ms: step, after: 100 },
        () => elapsed(lake.waitForWork(700, never)),
      );
      ok(ms >= 690 && ms < 1700, `${ms} ms`);
    });
  }

  test("waitForWork resolves when the signal aborts", async ({ lake }) => {
    const controller = new AbortController();
    const waited = elapsed(lake.waitForWork(20_000, controller.signal));
    await pause(200);
    controller.abort();
    const ms = await waited;
    ok(ms < 700, `${ms} ms`);
  });

  test("waitForWork resolves at once on an aborted signal", async ({ lake }) => {
    const ms = await elapsed(lake.waitForWork(20_000, AbortSignal.abort()));
    ok(ms < 200, `${ms} ms`);
  });
}
