import { deepEqual, equal, notEqual } from "../../assert.ts";
import fc from "fast-check";
import type { Claim } from "../../../lib/lake/lake.ts";
import {
  claim,
  claimOne,
  giveBack,
  names,
  NOW,
  ORGID,
  succeed,
  type Test,
  upload,
  uploads,
} from "./fixtures.ts";

export function claimTests(test: Test): void {
  test("submit of nothing returns no ids", async ({ lake }) => {
    deepEqual(await lake.submit([]), []);
    deepEqual(await claim(lake), []);
  });

  test("submit of many returns an id for each upload, in order", async ({ lake }) => {
    const ids = await lake.submit(uploads(300));
    equal(new Set(ids).size, 300);
    const claims = await claim(lake, { limit: 1000 });
    deepEqual(claims.map((each) => each.id), ids);
    deepEqual(names(claims), uploads(300).map((each) => each.name));
  });

  test("claim returns the entry as existing installations store it", async ({ lake }) => {
    const tokyo = { timezone: "Asia/Tokyo", typetag: "cowrie", timestamp: 1_600_000_000 };
    const [id] = await lake.submit([upload("näme \u{1F41D}", tokyo)]);
    const { entry, ...rest } = await claimOne(lake);
    deepEqual(rest, { id, owner: "worker-1", attempts: 1 });
    deepEqual({ ...entry }, {
      timestamp: 1_600_000_000,
      processed: false,
      name: "näme \u{1F41D}",
      orgid: ORGID,
      timezone: "Asia/Tokyo",
      typetag: "cowrie",
    });
  });

  test("claim and list return every string exactly, whatever characters it contains", async ({ lake }) => {
    const odd = 'a\0b\u2028"\\$x.y\u{10FFFF}';
    await lake.submit([upload(odd, { orgid: odd, timezone: odd, typetag: odd })]);
    const held = await claimOne(lake);
    const { name, orgid, timezone, typetag } = held.entry;
    deepEqual([name, orgid, timezone, typetag], [odd, odd, odd, odd]);
    await lake.settle([{ claim: held, outcome: { state: "ERROR", reason: odd } }]);
    const [entry] = await lake.list({ typetags: [odd] }, 1);
    const listed = [entry?.name, entry?.orgid, entry?.typetag, entry?.reason];
    deepEqual(listed, [odd, odd, odd, odd]);
    equal(await lake.reopen({ typetags: ["a"] }), 0);
  });

  test("claim keeps a fraction of a second", async ({ lake }) => {
    await lake.submit([upload("a", { timestamp: 1_600_000_000.123456 })]);
    equal((await claimOne(lake)).entry["timestamp"], 1_600_000_000.123456);
  });

  test("claim takes the oldest timestamps first, equal ones as submitted", async ({ lake }) => {
    await lake.submit([
      upload("late", { timestamp: NOW }),
      upload("middle 1", { timestamp: NOW - 5 }),
      upload("early", { timestamp: NOW - 10.5 }),
    ]);
    await lake.submit([upload("middle 2", { timestamp: NOW - 5 })]);
    const first = await claim(lake, { limit: 2 });
    deepEqual(names(first), ["early", "middle 1"]);
    deepEqual(names(await claim(lake)), ["middle 2", "late"]);
    deepEqual(await claim(lake), []);
  });

  test("claim takes no more than the limit", async ({ lake }) => {
    await lake.submit(uploads(10));
    equal((await claim(lake, { limit: 1 })).length, 1);
    equal((await claim(lake, { limit: 4 })).length, 4);
    equal((await claim(lake, { limit: 64 })).length, 5);
  });

  test("claim takes the oldest entry alone if it was claimed before", async ({ lake }) => {
    await lake.submit(uploads(4));
    await giveBack(lake, await claim(lake, { limit: 1 }));
    const alone = await claim(lake);
    deepEqual(names(alone), ["n0"]);
    equal(alone[0]?.attempts, 2);
    deepEqual(names(await claim(lake)), ["n1", "n2", "n3"]);
  });

  test("claim never mixes new entries with one that was claimed before", async ({ lake }) => {
    await lake.submit(uploads(6));
    const claims = await claim(lake);
    await giveBack(lake, claims.filter((_, i) => i === 2 || i === 4));
    await lake.submit([upload("first", { timestamp: 1 }), upload("last", { timestamp: NOW })]);
    const batches = [];
    for (let batch = await claim(lake); batch.length > 0; batch = await claim(lake)) {
      batches.push(batch);
    }
    equal(names(batches[0] ?? [])[0], "first");
    for (const batch of batches.filter((each) => each.some(({ attempts }) => attempts > 1))) {
      equal(batch.length, 1);
    }
    deepEqual(names(batches.flat()).toSorted(), ["first", "last", "n2", "n4"]);
  });

  test("claim by two handles at once returns disjoint entries", async ({ lake, again }) => {
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
          notEqual(taken.length, 0);
          seen.push(...taken);
        }
        deepEqual(seen.map(({ id }) => id).toSorted(), ids.toSorted());
        deepEqual(await succeed(other, seen), []);
      }),
      { numRuns: 15 },
    );
  });
}
