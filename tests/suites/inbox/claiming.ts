import assert from "node:assert/strict";
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
  now,
  question,
  questionWith,
  stored,
  type Test,
} from "./fixtures.ts";

export function claiming(test: Test): void {
  test("claim of an empty inbox gives nothing", async ({ inbox }) => {
    assert.deepEqual(await claim(inbox), []);
  });

  test("claim makes the query processing, in data and references", async (opened) => {
    const [id] = await ask(opened.inbox, 1);
    const { query, ...rest } = await claimOne(opened.inbox);
    assert.deepEqual(rest, { id, owner: "worker-1", attempts: 1 });
    assertEqual(query, questionWith(1, [attribute("status", "processing")]));
    assertEqual(await stored(opened, query._hash), query);
  });

  test("claim keeps an owner of any characters", async ({ inbox }) => {
    await ask(inbox, 1);
    const owner = '$owner.a\u2028"\\';
    const held = await claimOne(inbox, now, owner);
    assert.equal(held.owner, owner);
    assert.deepEqual(await inbox.renew([held], now + 100), []);
    assert.equal((await inbox.status(now)).leases[0]?.owner, owner);
  });

  test("claim takes those asked first, whatever order they came in", async ({ inbox }) => {
    const [third, first, fourth, second] = await ask(inbox, 3, 1, 4, 2);
    assert.deepEqual(ids(await claim(inbox, { limit: 3 })), [first, second, third]);
    assert.deepEqual(ids(await claim(inbox, { limit: 3 })), [fourth]);
    assert.deepEqual(await claim(inbox), []);
  });

  test("claim takes no more than the limit", async ({ inbox }) => {
    await ask(inbox, 1, 2, 3, 4, 5, 6);
    for (const [limit, taken] of [[0, 0], [1, 1], [2, 2], [64, 3], [1, 0]] as const) {
      assert.equal((await claim(inbox, { limit })).length, taken, `limit ${limit}`);
    }
  });

  test("claim leaves queries that are not asked yet, or have ended", async (opened) => {
    const { inbox, instances } = opened;
    const { query, parts } = question(1, { status: "invalid" });
    await instances.put([...parts, query]);
    await ask(inbox, 2);
    const held = await claimOne(inbox);
    assert.notEqual(held.id, query._hash);
    await finish(opened, held);
    assert.deepEqual(await claim(inbox, { now: now + 1e9 }), []);
  });

  test("claim gives a query alone whose last attempt ended without a word", async ({ inbox }) => {
    const [first, ...others] = await ask(inbox, 1, 2, 3);
    await claim(inbox, { limit: 1 });
    const [alone, ...none] = await claim(inbox, { now: now + 61 });
    assert.deepEqual([alone?.id, alone?.attempts, none], [first, 2, []]);
    assert.equal("reason" in alone!, false);
    assert.deepEqual(ids(await claim(inbox, { now: now + 61 })), others);
  });

  test("claim leaves a younger one that may have killed a worker out of a batch", async (opened) => {
    const { inbox } = opened;
    const [second] = await ask(inbox, 2);
    await claim(inbox);
    const others = await ask(inbox, 1, 3);
    assert.deepEqual(ids(await claim(inbox, { now: now + 61 })), others);
    assert.deepEqual(ids(await claim(inbox, { now: now + 61 })), [second]);
  });

  test("claim gives one whose last attempt failed for a reason among others", async ({ inbox }) => {
    const [first] = await ask(inbox, 1);
    await inbox.giveBack([await claimOne(inbox)], "away", now);
    const others = await ask(inbox, 2, 3);
    const claims = await claim(inbox);
    assert.deepEqual(ids(claims), [first, ...others]);
    const shown = claims.map(({ attempts, reason }) => ({ attempts, reason }));
    const fresh = { attempts: 1, reason: undefined };
    assert.deepEqual(shown, [{ attempts: 2, reason: "away" }, fresh, fresh]);
  });

  test("claim tells the reason of the attempt just before only", async ({ inbox }) => {
    await ask(inbox, 1);
    await inbox.giveBack([await claimOne(inbox)], "$away\0", now);
    assert.equal((await claimOne(inbox)).reason, "$away\0");
    const [second] = await ask(inbox, 2);
    assert.deepEqual(ids(await claim(inbox)), [second]);
    const third = await claimOne(inbox, now + 61);
    assert.equal(third.attempts, 3);
    assert.equal("reason" in third, false);
  });

  test("claims of several handles at once are disjoint and leave nothing", async (opened) => {
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
          assert.notEqual(taken.length, 0);
          seen.push(...taken);
        }
        assert.deepEqual(ids(seen).toSorted(), asked.toSorted());
        for (const held of seen) assert.notEqual(await finish(opened, held), undefined);
      }),
      { numRuns: 8 },
    );
  });
}
