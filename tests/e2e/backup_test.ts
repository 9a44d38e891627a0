import { deepEqual, equal } from "node:assert/strict";
import { join } from "node:path";
import type { Stores } from "../../lib/cli/context.ts";
import { nowSeconds } from "../../lib/clock.ts";
import type { Config } from "../../lib/config.ts";
import type { Upload } from "../../lib/lake/lake.ts";
import { sleep } from "../../lib/sleep.ts";
import { databases } from "../../stores.ts";
import { mongoUrl } from "../mongo/server.ts";
import { install, type Installation, stop } from "./installation.ts";
import { long } from "./long.ts";
import { ReplicaSet } from "./replica_set.ts";

/** Uploads that are there when the archive starts. */
const ENTRIES = long ? 3000 : 600;
/** Every third upload says what another one says. */
const DIFFERENT = ENTRIES * 2 / 3;
const LEASE = 2;
const never = new AbortController().signal;

Deno.test("archive backup, made in the middle of work and restored, loses nothing and doubles nothing", async () => {
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
    const restored = await databases.open(movedTo(config, url), ["lake", "archive"]);
    await checkMiddle(restored);
    const settings = SECTIONS.flatMap((section) => ["--set", `${section}.mongo_url=${url}`]);
    await checkGoesOn(restored, (...args) => run(...settings, ...args));
    await restored.close();
  } finally {
    await installation.close();
  }
});

Deno.test({
  name:
    "a copy of MongoDB's files, made in the middle of work and restored, loses nothing and doubles nothing",
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
        await checkMiddle(stores);
        await checkGoesOn(stores, run);
      } finally {
        await installation.close();
      }
    } finally {
      await set.close();
    }
  },
});

const SECTIONS = ["cache", "archive", "identity", "report"] as const;

function movedTo(config: Config, url: string): Config {
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

/** Submits the uploads again and again, each at a time of its own, until something is done. */
async function feed<T>(
  { lake }: Pick<Stores, "lake">,
  uploads: readonly Upload[],
  work: Promise<T>,
): Promise<T> {
  let over = false;
  const done = work.finally(() => over = true);
  for (let later = ENTRIES; !over; await sleep(20, never)) {
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
    equal(Date.now() < deadline, true, "nothing was archived");
    await sleep(5, never);
  }
}

/** Some are archived, some wait, and some were in hand: at the time 0 no lease has run out. */
async function checkMiddle({ lake }: Pick<Stores, "lake">): Promise<void> {
  const { counts } = await lake.status(0);
  for (const state of ["SUCCESS", "WAITING", "CLAIMED"] as const) {
    equal(counts[state] > 0, true, `${state} in ${JSON.stringify(counts)}`);
  }
}

/** What the copy's lake holds is archived once each, when the leases in it have run out. */
async function checkGoesOn(
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
  const uploaded = inOrder(entries.map(({ timestamp }) => timestamp!));
  equal(uploaded.length >= ENTRIES, true);
  const sources: number[] = [];
  const events: number[] = [];
  for await (const instance of archive.all()) {
    if (instance.itype === "raw") sources.push(...instance._sources!.map((s) => s.timestamp));
    if (instance.itype === "event") events.push(instance.timestamp);
  }
  // Each upload is a source of its Raw, and a sighting at its own time.
  deepEqual(inOrder(sources), uploaded);
  deepEqual(inOrder(events), uploaded);
  equal((await archive.count())["raw"], DIFFERENT);
  equal((await run("verify")).code, 0);
}

function inOrder(numbers: readonly number[]): number[] {
  return numbers.toSorted((a, b) => a - b);
}
