import assert from "node:assert/strict";
import type { Groups } from "../../../lib/tahoe/instance.ts";
import {
  ask,
  assertEqual,
  claim,
  claimOne,
  finish,
  later,
  now,
  question,
  ready,
  socket,
  statusOf,
  stored,
  type Test,
} from "./fixtures.ts";

export function asking(test: Test): void {
  test("ask stores the query and all its parts", async (opened) => {
    const { inbox, instances } = opened;
    const { query, parts } = question(1);
    await inbox.ask(query, parts);
    assertEqual(await stored(opened, query._hash), query);
    assert.deepEqual(await instances.missing(query._ref), []);
    assert.deepEqual(await instances.count(), { attribute: 11, object: 2 });
  });

  test("find of an unknown hash finds nothing", async ({ inbox, instances }) => {
    const { query, parts } = question(1);
    await instances.put(parts);
    assert.equal(await inbox.find(query._hash), undefined);
    assert.equal(await inbox.find(parts[0]!._hash), undefined);
  });

  test("numbers keep their types", async (opened) => {
    const whole = question(1, { timestamp: now, socket: { ...socket, port: 1n } });
    await opened.inbox.ask(whole.query, whole.parts);
    const held = await claimOne(opened.inbox);
    for (const query of [held.query, await finish(opened, held)]) {
      assert.equal(query?.data["timestamp"]?.[0], now);
      assert.deepEqual(Object.values(query?.data["socket"]?.[0] ?? {}).toSorted(), [
        ["0.0.0.0"],
        ["0123456789abcdef"],
        [1n],
      ]);
    }
  });

  const again = question(1, {
    socket: { host: "127.0.0.1", port: 40_002n, nonce: "fedcba" },
    timestamp: now - 900,
  });

  test("ask again while the query waits gives it the new socket", async (opened) => {
    const [id] = await ask(opened.inbox, 1);
    assert.equal(id, again.query._hash);
    await opened.inbox.ask(again.query, again.parts);
    assertEqual(await stored(opened, again.query._hash), again.query);
    const [held, ...others] = await claim(opened.inbox);
    assert.deepEqual({ ...held?.query.data["socket"]?.[0] as Groups }, {
      host: ["127.0.0.1"],
      port: [40_002n],
      nonce: ["fedcba"],
    });
    assert.deepEqual(others, []);
  });

  test("ask again while a worker has the query takes it away", async (opened) => {
    const { inbox } = opened;
    await ask(inbox, 1);
    const early = await claimOne(inbox);
    await inbox.ask(again.query, again.parts);
    assert.deepEqual(await inbox.renew([early], later), [early.id]);
    await inbox.giveBack([early], "stopped", later);
    assert.equal(await finish(opened, early), undefined);
    assertEqual(await stored(opened, early.id), again.query);
    const late = await claimOne(inbox, now, "worker-2");
    assert.equal(late.attempts, 1);
    assert.equal(await finish(opened, early), undefined);
    assert.notEqual(await finish(opened, late), undefined);
  });

  test("ask again after the answer opens the query anew", async (opened) => {
    await ask(opened.inbox, 1);
    await finish(opened, await claimOne(opened.inbox));
    await opened.inbox.ask(again.query, again.parts);
    assertEqual(await stored(opened, again.query._hash), again.query);
    const held = await claimOne(opened.inbox);
    assert.equal(held.attempts, 1);
    await finish(opened, held);
    assert.deepEqual(statusOf(await stored(opened, held.id)), [["ready"], [ready.report._hash]]);
  });

  test("ask again forgets the attempts and their reasons", async ({ inbox }) => {
    await ask(inbox, 1);
    await claimOne(inbox);
    await inbox.giveBack([await claimOne(inbox, now + 61)], "away", now + 100);
    await inbox.ask(again.query, again.parts);
    const held = await claimOne(inbox);
    assert.equal(held.attempts, 1);
    assert.equal("reason" in held, false);
  });
}
