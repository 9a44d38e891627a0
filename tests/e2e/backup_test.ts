import { deepEqual, equal, ok } from "../assert.ts";
import { join } from "node:path";
import type { Stores } from "../../lib/cli/context.ts";
import { nowSeconds } from "../../lib/clock.ts";
import type { Config } from "../../lib/config.ts";
import type { Upload } from "../../lib/lake/lake.ts";
import { sleep } from "../../lib/sleep.ts";
import { databases } from "../../stores.ts";
import { mongoUrl } from "../mongo/server.ts";
import { install, type Installation, stop } from "./installation.ts";
import { LONG } from "./long.ts";
import { ReplicaSet } from "./replica_set.ts";

/** Uploads in the lake when the archive starts. */
const ENTRIES = LONG ? 3000 : 600;
/** Uploads with different data: every third upload repeats another one. */
const DIFFERENT = ENTRIES * 2 / 3;
const LEASE = 2;
const never = new AbortController().signal;

Deno.test("archive backup, made during work and restored, loses nothing and duplicates nothing", async () => {
  const installation = await install({ archive: { lease: LEASE, batch: 16 } });
  const { folder, config, stores, run, start } = installation;
  try {
    const uploads = await fill(installation);
    const program = start("run");
    const log = new Response(program.stderr).text();
    await untilArchived(stores, 1);
    const copy = join(folder, "copy.db");
    const backup = await feed(stores, uploads, run("backup", copy, "--json"));
    equal(await stop(program), 0, await log);
    equal(backup.code, 0, backup.err);
    const [{ bytes }] = JSON.parse(backup.out);
    equal(bytes, (await Deno.stat(copy)).size);

    const url = `sqlite:${copy}`;
    const restored = await databases.open(withStoresAt(config, url), ["lake", "archive"]);
    await checkUnfinished(restored);
    const settings = SECTIONS.flatMap((section) => ["--set", `${section}.mongo_url=${url}`]);
    await checkContinues(restored, (...args) => run(...settings, ...args));
    await restored.close();
  } finally {
    await installation.close();
  }
});

Deno.test({
  name:
    "a copy of MongoDB's files, made during work and restored, loses nothing and duplicates nothing",
  ignore: mongoUrl() === undefined,
  async fn() {
    const set = await ReplicaSet.start(1);
    try {
      const options = { mongo: set.url, archive: { lease: LEASE, batch: 16 } };
      const installation = await install(options);
      const { stores, run, start } = installation;
      try {
        await fill(installation);
        const program = start("run");
        const log = new Response(program.stderr).text();
        await untilArchived(stores, 50);
        await set.backUp();
        equal(await stop(program), 0, await log);
        await set.restore();
        await checkUnfinished(stores);
        await checkContinues(stores, run);
      } finally {
        await installation.close();
      }
    } finally {
      await set.close();
    }
  },
});

const SECTIONS = ["cache", "archive", "identity", "report"] as const;

function withStoresAt(config: Config, url: string): Config {
  const moved = SECTIONS.map((section) => [section, { ...config[section], url }]);
  return { ...config, ...Object.fromEntries(moved) };
}

async function fill({ stores, upload }: Installation): Promise<readonly Upload[]> {
  const sealed = await Promise.all(
    Array.from(
      { length: ENTRIES },
      (_, number) => upload(`{"number": ${number % DIFFERENT}}`, { timestamp: number }),
    ),
  );
  await stores.lake.submit(sealed);
  return sealed;
}

/** Submits the uploads repeatedly, each time with new timestamps, until `work` ends. */
async function feed<T>(
  { lake }: Pick<Stores, "lake">,
  uploads: readonly Upload[],
  work: Promise<T>,
): Promise<T> {
  let ended = false;
  const done = work.finally(() => ended = true);
  for (let later = ENTRIES; !ended; await sleep(20, never)) {
    const { counts } = await lake.status(0);
    if (counts.WAITING > ENTRIES / 2) continue;
    await lake.submit(
      uploads.map((upload) => ({ ...upload, timestamp: upload.timestamp + later })),
    );
    later += ENTRIES;
  }
  return await done;
}

async function untilArchived({ lake }: Pick<Stores, "lake">, count: number): Promise<void> {
  const deadline = Date.now() + 30_000;
  while ((await lake.status(0)).counts.SUCCESS < count) {
    ok(Date.now() < deadline, "nothing was archived");
    await sleep(5, never);
  }
}

/** Checks that some entries are archived, some wait, and some are claimed: at time 0 no lease has run out. */
async function checkUnfinished({ lake }: Pick<Stores, "lake">): Promise<void> {
  const { counts } = await lake.status(0);
  for (const state of ["SUCCESS", "WAITING", "CLAIMED"] as const) {
    ok(counts[state] > 0, `${state} in ${JSON.stringify(counts)}`);
  }
}

/** Checks that each entry in the copy is archived once, after the copied leases have run out. */
async function checkContinues(
  { lake, archive }: Pick<Stores, "lake" | "archive">,
  run: Installation["run"],
): Promise<void> {
  await sleep(LEASE * 1000, never);
  const { code, err } = await run("run", "--once");
  equal(code, 0, err);
  const { counts, leases } = await lake.status(nowSeconds());
  const { SUCCESS, ...others } = counts;
  deepEqual(others, { WAITING: 0, CLAIMED: 0, DELAYED: 0, NOT_SUPPORTED: 0, ERROR: 0 });
  deepEqual(leases, []);
  const entries = await lake.list({ states: ["SUCCESS"] }, SUCCESS + 1);
  equal(entries.every(({ refs }) => refs.length === 1), true);
  const uploaded = sortNumbers(entries.map(({ timestamp }) => timestamp!));
  ok(uploaded.length >= ENTRIES, String(uploaded.length));
  const sources: number[] = [];
  const events: number[] = [];
  for await (const instance of archive.all()) {
    if (instance.itype === "raw") {
      sources.push(...instance._sources!.map(({ timestamp }) => timestamp));
    }
    if (instance.itype === "event") events.push(instance.timestamp);
  }
  // Each upload is a source of its Raw, and a sighting at its own time.
  deepEqual(sortNumbers(sources), uploaded);
  deepEqual(sortNumbers(events), uploaded);
  equal((await archive.count())["raw"], DIFFERENT);
  equal((await run("verify")).code, 0);
}

function sortNumbers(numbers: readonly number[]): number[] {
  return numbers.toSorted((a, b) => a - b);
}
