import { deepEqual, equal, notEqual } from "../../assert.ts";
import type { DataBySubType } from "../../../lib/tahoe/instance.ts";
import {
  ask,
  assertEqual,
  claim,
  claimOne,
  finish,
  LATER,
  NOW,
  question,
  READY,
  SOCKET,
  statusOf,
  stored,
  type Test,
} from "./fixtures.ts";

export function askTests(test: Test): void {
  test("ask stores the query and all its parts", async (opened) => {
    const { inbox, instances } = opened;
    const { query, parts } = question(1);
    await inbox.ask(query, parts);
    assertEqual(await stored(opened, query._hash), query);
    deepEqual(await instances.missing(query._ref), []);
    deepEqual(await instances.count(), { attribute: 11, object: 2 });
  });

  test("ask stores a query that has ended, which nobody claims", async (opened) => {
    const { inbox, instances } = opened;
    const reportId = READY.report._hash;
    const { query, parts } = question(1, { status: "ready", reportId });
    await instances.put([READY.report]);
    await inbox.ask(query, parts);
    assertEqual(await inbox.find(query._hash), query);
    equal((await inbox.status(NOW)).counts.ready, 1);
    deepEqual(await claim(inbox), []);
    // Asked again, it waits.
    const again = question(1);
    await inbox.ask(again.query, again.parts);
    equal((await claimOne(inbox)).id, query._hash);
  });

  test("find returns nothing for an unknown hash", async ({ inbox, instances }) => {
    const { query, parts } = question(1);
    await instances.put(parts);
    equal(await inbox.find(query._hash), undefined);
    equal(await inbox.find(parts[0]!._hash), undefined);
  });

  test("ask keeps the types of numbers", async (opened) => {
    const whole = question(1, { timestamp: NOW, socket: { ...SOCKET, port: 1n } });
    await opened.inbox.ask(whole.query, whole.parts);
    const held = await claimOne(opened.inbox);
    for (const query of [held.query, await finish(opened, held)]) {
      equal(query?.data["timestamp"]?.[0], NOW);
      deepEqual(Object.values(query?.data["socket"]?.[0] ?? {}).toSorted(), [
        ["0.0.0.0"],
        ["0123456789abcdef"],
        [1n],
      ]);
    }
  });

  const again = question(1, {
    socket: { host: "127.0.0.1", port: 40_002n, nonce: "fedcba" },
    timestamp: NOW - 900,
  });

  test("ask again while the query waits gives it the new socket", async (opened) => {
    const [id] = await ask(opened.inbox, 1);
    equal(id, again.query._hash);
    await opened.inbox.ask(again.query, again.parts);
    assertEqual(await stored(opened, again.query._hash), again.query);
    const [held, ...others] = await claim(opened.inbox);
    deepEqual({ ...held?.query.data["socket"]?.[0] as DataBySubType }, {
      host: ["127.0.0.1"],
      port: [40_002n],
      nonce: ["fedcba"],
    });
    deepEqual(others, []);
  });

  test("ask again while a worker holds the query takes it away", async (opened) => {
    const { inbox } = opened;
    await ask(inbox, 1);
    const early = await claimOne(inbox);
    await inbox.ask(again.query, again.parts);
    deepEqual(await inbox.renew([early], LATER), [early.id]);
    await inbox.giveBack([early], "stopped", LATER);
    equal(await finish(opened, early), undefined);
    assertEqual(await stored(opened, early.id), again.query);
    const late = await claimOne(inbox, NOW, "worker-2");
    equal(late.attempts, 1);
    equal(await finish(opened, early), undefined);
    notEqual(await finish(opened, late), undefined);
  });

  test("ask again after the answer starts the query again", async (opened) => {
    await ask(opened.inbox, 1);
    await finish(opened, await claimOne(opened.inbox));
    await opened.inbox.ask(again.query, again.parts);
    assertEqual(await stored(opened, again.query._hash), again.query);
    const held = await claimOne(opened.inbox);
    equal(held.attempts, 1);
    await finish(opened, held);
    deepEqual(statusOf(await stored(opened, held.id)), [["ready"], [READY.report._hash]]);
  });

  test("ask again forgets the attempts and their reasons", async ({ inbox }) => {
    await ask(inbox, 1);
    await claimOne(inbox);
    await inbox.giveBack([await claimOne(inbox, NOW + 61)], "away", NOW + 100);
    await inbox.ask(again.query, again.parts);
    const held = await claimOne(inbox);
    equal(held.attempts, 1);
    equal("reason" in held, false);
  });
}
