import { deepEqual, equal } from "node:assert/strict";
import { nowSeconds } from "../../lib/clock.ts";
import { StoreUnavailable } from "../../lib/errors.ts";
import { sleep } from "../../lib/sleep.ts";
import { mongoUrl } from "../mongo/server.ts";
import { install, type Installation, stop } from "./installation.ts";
import { long } from "./long.ts";
import { ReplicaSet } from "./replica_set.ts";

const KILLS = long ? 10 : 1;
/** Uploads before each of them. */
const UPLOADS = 300;
/** Milliseconds after which the service must archive again. */
const PATIENCE = 15_000;
const never = new AbortController().signal;

Deno.test({
  name: "archive run on a replica set whose primary is killed again and again loses nothing",
  // It takes its time to start three servers: the short form runs on executables only.
  ignore: !long && (mongoUrl() === undefined || !Deno.env.has("CYBEXP_TEST_BINARIES")),
  async fn() {
    const set = await ReplicaSet.start();
    try {
      const installation = await install({ mongo: set.url, archive: { lease: 5, batch: 16 } });
      try {
        await checkFailovers(set, installation);
      } finally {
        await installation.close();
      }
    } finally {
      await set.close();
    }
  },
});

async function checkFailovers(set: ReplicaSet, installation: Installation): Promise<void> {
  const { stores, upload, start } = installation;
  const program = start("run");
  // Left unread, the log would fill the pipe, and the program would wait for a reader.
  const log = new Response(program.stderr).text();
  const ids: string[] = [];
  const pauses: number[] = [];
  for (let kill = 0; kill < KILLS; kill++) {
    const uploads = Array.from({ length: UPLOADS }, (_, n) => upload(`${kill * UPLOADS + n}`));
    const sealed = await Promise.all(uploads);
    const before = await archived(installation);
    ids.push(...await whenBack(() => stores.lake.submit(sealed)));
    await untilMore(installation, before);
    const killed = Date.now();
    await set.killPrimary();
    const then = await archived(installation);
    if (then < ids.length) await untilMore(installation, then);
    pauses.push(Date.now() - killed);
  }
  const deadline = Date.now() + 60_000;
  while (await unfinished(installation) > 0 && Date.now() < deadline) await sleep(200, never);
  console.log(`Milliseconds from a kill to the next upload archived: ${pauses.join(", ")}`);
  equal(await stop(program), 0, await log);
  const done = await stores.lake.list({ states: ["SUCCESS"], ids }, ids.length + 1);
  equal(done.length, ids.length);
  deepEqual((await stores.lake.status(nowSeconds())).leases, []);
  equal((await stores.archive.count())["raw"], KILLS * UPLOADS);
  deepEqual(pauses.filter((pause) => pause > PATIENCE), []);
}

/** Waits until more uploads are archived, thrice as long as that may take. */
async function untilMore(installation: Installation, than: number): Promise<void> {
  const deadline = Date.now() + 3 * PATIENCE;
  while (await archived(installation) <= than) {
    equal(Date.now() < deadline, true, "the service did not go on");
    await sleep(20, never);
  }
}

async function archived({ stores }: Installation): Promise<number> {
  return (await whenBack(() => stores.lake.status(0))).counts.SUCCESS;
}

async function unfinished({ stores }: Installation): Promise<number> {
  const { counts } = await whenBack(() => stores.lake.status(nowSeconds()));
  return counts.WAITING + counts.CLAIMED + counts.DELAYED;
}

/** Tries again while there is no primary. */
async function whenBack<T>(step: () => Promise<T>): Promise<T> {
  while (true) {
    try {
      return await step();
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      await sleep(100, never);
    }
  }
}
