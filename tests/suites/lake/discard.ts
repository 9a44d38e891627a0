import { deepEqual, equal } from "../../assert.ts";
import type { CacheLake, Claim, EntryFilter } from "../../../lib/lake/lake.ts";
import { purge } from "../../../lib/lake/purge.ts";
import {
  claim,
  claimOne,
  NOW,
  readAll,
  REF_A,
  REF_B,
  succeed,
  type Test,
  upload,
  uploads,
} from "./fixtures.ts";

const FINAL = ["SUCCESS", "NOT_SUPPORTED", "ERROR"] as const;
const SIGNAL = new AbortController().signal;

export function discardTests(test: Test): void {
  test("discard deletes finished entries with their files, and no others", async ({ lake }) => {
    const ids = await lake.submit(uploads(4));
    const [first, second] = await claim(lake, { limit: 2 }) as [Claim, Claim];
    await succeed(lake, [first]);
    equal(await lake.discard([...ids, "no id", "9".repeat(24)]), 1);
    deepEqual((await lake.list({}, 10)).map(({ name }) => name), ["n3", "n2", "n1"]);
    equal(await lake.discard(ids), 0);
    deepEqual(await succeed(lake, [second]), []);
    const waiting = await claim(lake);
    const files = (await readAll(lake, waiting)).flat().map(({ file }) => file);
    deepEqual(files, ["n2", "n3"].map((name) => new TextEncoder().encode(name)));
    equal(await lake.discard([]), 0);
  });

  test("countFinished counts entries and bytes by state", async ({ lake }) => {
    await oneOfEach(lake);
    deepEqual(await lake.countFinished({}), {
      SUCCESS: { entries: 1, bytes: 10 },
      NOT_SUPPORTED: { entries: 1, bytes: 20 },
      ERROR: { entries: 1, bytes: 30 },
    });
    const failed = await lake.countFinished({ states: ["ERROR"], since: NOW });
    deepEqual([failed.SUCCESS.entries, failed.ERROR.entries], [0, 0]);
  });

  const FILTERS: readonly [EntryFilter, readonly string[]][] = [
    [{ orgids: ["org b", "org c"] }, ["b"]],
    [{ orgids: [] }, []],
    [{ since: NOW - 999 }, ["c:12", "b"]],
    [{ before: NOW - 999 }, ["a.b"]],
    [{ since: NOW - 999, before: NOW - 998 }, ["b"]],
    [{ file: "c" }, ["c:12"]],
    [{ file: "c:12" }, ["c:12"]],
    [{ file: "a.b" }, ["a.b"]],
    [{ file: "a?b" }, []],
    [{ file: "axb" }, []],
    [{ file: "a" }, []],
    [{ refs: [REF_A, REF_B] }, ["a.b"]],
    [{ refs: [REF_B] }, []],
  ];
  for (const [filter, expected] of FILTERS) {
    test(`list ${JSON.stringify(filter)} finds ${expected.join(" ")}`, async ({ lake }) => {
      await oneOfEach(lake);
      deepEqual((await lake.list(filter, 10)).map(({ name }) => name), expected);
      const counts = await lake.countFinished(filter);
      equal(FINAL.reduce((sum, state) => sum + counts[state].entries, 0), expected.length);
    });
  }

  test("purge deletes what the filter selects of the finished entries", async ({ lake }) => {
    await oneOfEach(lake);
    await lake.submit([upload("waiting", { timestamp: NOW - 5000 })]);
    const told: string[] = [];
    const filter = { states: FINAL, before: NOW - 998 };
    const options = {
      lake,
      filter,
      signal: SIGNAL,
      purged: (entries: readonly { name: string }[]) =>
        told.push(...entries.map(({ name }) => name)),
    };
    deepEqual(await purge(options), { purged: 2, unnameable: 0 });
    deepEqual(told, ["b", "a.b"]);
    deepEqual(await purge(options), { purged: 0, unnameable: 0 });
    deepEqual((await lake.list({}, 10)).map(({ name }) => name), ["c:12", "waiting"]);
    const aborted = { ...options, filter: { states: FINAL }, signal: AbortSignal.abort() };
    deepEqual(await purge(aborted), { purged: 0, unnameable: 0 });
  });
}

/** Three finished entries, one of each state. */
async function oneOfEach(lake: CacheLake): Promise<void> {
  const names = ["a.b", "b", "c:12"];
  for (const [i, name] of names.entries()) {
    const bytes = new Uint8Array(10 * (i + 1));
    await lake.submit([upload(name, { orgid: `org ${name}`, timestamp: NOW - 1000 + i, bytes })]);
    const held = await claimOne(lake);
    if (i === 0) await succeed(lake, [held], REF_A);
    else {
      const state = FINAL[i] as "ERROR" | "NOT_SUPPORTED";
      await lake.settle([{ claim: held, outcome: { state, reason: "because" } }]);
    }
  }
}
