import assert from "node:assert/strict";
import fc from "fast-check";
import type { Claim } from "../../../lib/lake/lake.ts";
import {
  claim,
  claimOne,
  giveBack,
  names,
  now,
  orgid,
  succeed,
  type Test,
  upload,
  uploads,
} from "./fixtures.ts";

export function submitAndClaim(test: Test): void {
  test("submit of nothing returns no ids", async ({ lake }) => {
    assert.deepEqual(await lake.submit([]), []);
    assert.deepEqual(await claim(lake), []);
  });

  test("submit of many returns an id for each upload, in order", async ({ lake }) => {
    const ids = await lake.submit(uploads(300));
    assert.equal(new Set(ids).size, 300);
    const claims = await claim(lake, { limit: 1000 });
    assert.deepEqual(claims.map((each) => each.id), ids);
    assert.deepEqual(names(claims), uploads(300).map((each) => each.name));
  });

  test("claim shows the entry as existing installations store it", async ({ lake }) => {
    const tokyo = { timezone: "Asia/Tokyo", typetag: "cowrie", timestamp: 1_600_000_000 };
    const [id] = await lake.submit([upload("näme \u{1F41D}", tokyo)]);
    const { entry, ...rest } = await claimOne(lake);
    assert.deepEqual(rest, { id, owner: "worker-1", attempts: 1 });
    assert.deepEqual({ ...entry }, {
      timestamp: 1_600_000_000,
      processed: false,
      name: "näme \u{1F41D}",
      orgid,
      timezone: "Asia/Tokyo",
      typetag: "cowrie",
    });
  });

  test("texts come back exactly, whatever characters they hold", async ({ lake }) => {
    const odd = 'a\0b\u2028"\\$x.y\u{10FFFF}';
    await lake.submit([upload(odd, { orgid: odd, timezone: odd, typetag: odd })]);
    const held = await claimOne(lake);
    const { name, orgid, timezone, typetag } = held.entry;
    assert.deepEqual([name, orgid, timezone, typetag], [odd, odd, odd, odd]);
    await lake.settle([{ claim: held, outcome: { state: "ERROR", reason: odd } }]);
    const [entry] = await lake.list({ typetag: odd }, 1);
    const shown = [entry?.name, entry?.orgid, entry?.typetag, entry?.reason];
    assert.deepEqual(shown, [odd, odd, odd, odd]);
    assert.equal(await lake.reopen({ typetag: "a" }), 0);
  });

  test("claim keeps a fraction of a second", async ({ lake }) => {
    await lake.submit([upload("a", { timestamp: 1_600_000_000.123456 })]);
    assert.equal((await claimOne(lake)).entry["timestamp"], 1_600_000_000.123456);
  });

  test("claim takes the oldest timestamps first, equal ones as submitted", async ({ lake }) => {
    await lake.submit([
      upload("late", { timestamp: now }),
      upload("middle 1", { timestamp: now - 5 }),
      upload("early", { timestamp: now - 10.5 }),
    ]);
    await lake.submit([upload("middle 2", { timestamp: now - 5 })]);
    const first = await claim(lake, { limit: 2 });
    assert.deepEqual(names(first), ["early", "middle 1"]);
    assert.deepEqual(names(await claim(lake)), ["middle 2", "late"]);
    assert.deepEqual(await claim(lake), []);
  });

  test("claim takes no more than the limit", async ({ lake }) => {
    await lake.submit(uploads(10));
    assert.equal((await claim(lake, { limit: 1 })).length, 1);
    assert.equal((await claim(lake, { limit: 4 })).length, 4);
    assert.equal((await claim(lake, { limit: 64 })).length, 5);
  });

  test("claim gives the oldest entry alone if it was claimed before", async ({ lake }) => {
    await lake.submit(uploads(4));
    await giveBack(lake, await claim(lake, { limit: 1 }));
    const alone = await claim(lake);
    assert.deepEqual(names(alone), ["n0"]);
    assert.equal(alone[0]?.attempts, 2);
    assert.deepEqual(names(await claim(lake)), ["n1", "n2", "n3"]);
  });

  test("claim never mixes new entries with one claimed before", async ({ lake }) => {
    await lake.submit(uploads(6));
    const claims = await claim(lake);
    await giveBack(lake, claims.filter((_, i) => i === 2 || i === 4));
    await lake.submit([upload("first", { timestamp: 1 }), upload("last", { timestamp: now })]);
    const batches = [];
    for (let batch = await claim(lake); batch.length > 0; batch = await claim(lake)) {
      batches.push(batch);
    }
    assert.equal(names(batches[0] ?? [])[0], "first");
    for (const batch of batches.filter((each) => each.some(({ attempts }) => attempts > 1))) {
      assert.equal(batch.length, 1);
    }
    assert.deepEqual(names(batches.flat()).toSorted(), ["first", "last", "n2", "n4"]);
  });

  test("claim by two handles at once gives disjoint entries", async ({ lake, again }) => {
    const other = await again();
    const limits = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 40 }), limits, async (count, limits) => {
        const ids = await lake.submit(uploads(count));
        const seen: Claim[] = [];
        while (seen.length < count) {
          const taken = (await Promise.all(limits.map((limit, i) =>
            claim(i % 2 === 0 ? lake : other, { limit, owner: `worker-${i}` })
          ))).flat();
          assert.notEqual(taken.length, 0);
          seen.push(...taken);
        }
        assert.deepEqual(seen.map(({ id }) => id).toSorted(), ids.toSorted());
        assert.deepEqual(await succeed(other, seen), []);
      }),
      { numRuns: 15 },
    );
  });
}
