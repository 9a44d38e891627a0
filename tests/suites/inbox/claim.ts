import { deepEqual, equal, notEqual } from "../../assert.ts";
import fc from "fast-check";
import { attribute } from "../../../lib/tahoe/attribute.ts";
import type { Hash } from "../../../lib/tahoe/instance.ts";
import type { QueryClaim } from "../../../lib/tdql/inbox.ts";
import {
  ask,
  assertEqual,
  claim,
  claimOne,
  finish,
  ids,
  NOW,
  question,
  questionWith,
  stored,
  type Test,
} from "./fixtures.ts";

export function claimTests(test: Test): void {
  test("claim of an empty inbox returns nothing", async ({ inbox }) => {
    deepEqual(await claim(inbox), []);
  });

  test("claim makes the query processing, in data and references", async (opened) => {
    const [id] = await ask(opened.inbox, 1);
    const { query, ...rest } = await claimOne(opened.inbox);
    deepEqual(rest, { id, owner: "worker-1", attempts: 1 });
    assertEqual(query, questionWith(1, [attribute("status", "processing")]));
    assertEqual(await stored(opened, query._hash), query);
  });

  test("claim keeps an owner with any characters", async ({ inbox }) => {
    await ask(inbox, 1);
    const owner = '$owner.a\u2028"\\';
    const held = await claimOne(inbox, NOW, owner);
    equal(held.owner, owner);
    deepEqual(await inbox.renew([held], NOW + 100), []);
    equal((await inbox.status(NOW)).leases[0]?.owner, owner);
  });

  test("claim takes the queries asked first, whatever order they arrived in", async ({ inbox }) => {
    const [third, first, fourth, second] = await ask(inbox, 3, 1, 4, 2);
    deepEqual(ids(await claim(inbox, { limit: 3 })), [first, second, third]);
    deepEqual(ids(await claim(inbox, { limit: 3 })), [fourth]);
    deepEqual(await claim(inbox), []);
  });

  test("claim takes no more than the limit", async ({ inbox }) => {
    await ask(inbox, 1, 2, 3, 4, 5, 6);
    for (const [limit, taken] of [[0, 0], [1, 1], [2, 2], [64, 3], [1, 0]] as const) {
      equal((await claim(inbox, { limit })).length, taken, `limit ${limit}`);
    }
  });

  test("claim leaves queries that are not asked yet, or have ended", async (opened) => {
    const { inbox, instances } = opened;
    const { query, parts } = question(1, { status: "invalid" });
    await instances.put([...parts, query]);
    await ask(inbox, 2);
    const held = await claimOne(inbox);
    notEqual(held.id, query._hash);
    await finish(opened, held);
    deepEqual(await claim(inbox, { now: NOW + 1e9 }), []);
  });

  test("claim returns a query alone if its last attempt ended without a reason", async ({ inbox }) => {
    const [first, ...others] = await ask(inbox, 1, 2, 3);
    await claim(inbox, { limit: 1 });
    const [alone, ...none] = await claim(inbox, { now: NOW + 61 });
    deepEqual([alone?.id, alone?.attempts, none], [first, 2, []]);
    equal("reason" in alone!, false);
    deepEqual(ids(await claim(inbox, { now: NOW + 61 })), others);
  });

  test("claim leaves a younger query that may have killed a worker out of a batch", async (opened) => {
    const { inbox } = opened;
    const [second] = await ask(inbox, 2);
    await claim(inbox);
    const others = await ask(inbox, 1, 3);
    deepEqual(ids(await claim(inbox, { now: NOW + 61 })), others);
    deepEqual(ids(await claim(inbox, { now: NOW + 61 })), [second]);
  });

  test("claim returns a query among others if its last attempt failed for a known reason", async ({ inbox }) => {
    const [first] = await ask(inbox, 1);
    await inbox.giveBack([await claimOne(inbox)], "away", NOW);
    const others = await ask(inbox, 2, 3);
    const claims = await claim(inbox);
    deepEqual(ids(claims), [first, ...others]);
    const shown = claims.map(({ attempts, reason }) => ({ attempts, reason }));
    const fresh = { attempts: 1, reason: undefined };
    deepEqual(shown, [{ attempts: 2, reason: "away" }, fresh, fresh]);
  });

  test("claim returns only the reason of the previous attempt", async ({ inbox }) => {
    await ask(inbox, 1);
    await inbox.giveBack([await claimOne(inbox)], "$away\0", NOW);
    equal((await claimOne(inbox)).reason, "$away\0");
    const [second] = await ask(inbox, 2);
    deepEqual(ids(await claim(inbox)), [second]);
    const third = await claimOne(inbox, NOW + 61);
    equal(third.attempts, 3);
    equal("reason" in third, false);
  });

  test("simultaneous claims of several handles are disjoint and leave nothing", async (opened) => {
    const handles = [opened.inbox, await opened.again(), await opened.again()];
    let number = 0;
    const limits = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 2, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 12 }), limits, async (count, limits) => {
        const asked: Hash[] = [];
        while (asked.length < count) asked.push(...await ask(opened.inbox, number++ % 5000));
        const seen: QueryClaim[] = [];
        while (seen.length < count) {
          const taken = (await Promise.all(
            limits.map((limit, i) =>
              claim(handles[i % handles.length]!, { limit, owner: `worker-${i}` })
            ),
          )).flat();
          notEqual(taken.length, 0);
          seen.push(...taken);
        }
        deepEqual(ids(seen).toSorted(), asked.toSorted());
        for (const held of seen) notEqual(await finish(opened, held), undefined);
      }),
      { numRuns: 8 },
    );
  });
}
