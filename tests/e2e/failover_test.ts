import { deepEqual, equal, ok } from "../assert.ts";
import { nowSeconds } from "../../lib/clock.ts";
import { StoreUnavailable } from "../../lib/errors.ts";
import { sleep } from "../../lib/sleep.ts";
import { mongoUrl } from "../mongo/server.ts";
import { install, type Installation, stop } from "./installation.ts";
import { LONG } from "./long.ts";
import { ReplicaSet } from "./replica_set.ts";

const KILLS = LONG ? 10 : 1;
/** Uploads before each kill. */
const UPLOADS = 300;
/** Milliseconds within which the service must archive again. */
const PATIENCE = 15_000;
const never = new AbortController().signal;

Deno.test({
  name: "archive run on a replica set whose primary is killed repeatedly loses nothing",
  // Starting three servers takes long: the short form runs with executables only.
  ignore: !LONG && (mongoUrl() === undefined || !Deno.env.has("CYBEXP_TEST_BINARIES")),
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
  // An unread log would fill the pipe, and block the program.
  const log = new Response(program.stderr).text();
  const ids: string[] = [];
  const pauses: number[] = [];
  for (let kill = 0; kill < KILLS; kill++) {
    const uploads = Array.from({ length: UPLOADS }, (_, n) => upload(`${kill * UPLOADS + n}`));
    const sealed = await Promise.all(uploads);
    const before = await countArchived(installation);
    ids.push(...await retryWhileDown(() => stores.lake.submit(sealed)));
    await untilMore(installation, before);
    const killed = Date.now();
    await set.killPrimary();
    const afterKill = await countArchived(installation);
    if (afterKill < ids.length) await untilMore(installation, afterKill);
    pauses.push(Date.now() - killed);
  }
  const deadline = Date.now() + 60_000;
  while (await countUnfinished(installation) > 0 && Date.now() < deadline) await sleep(200, never);
  console.log(`Milliseconds from a kill to the next upload archived: ${pauses.join(", ")}`);
  equal(await stop(program), 0, await log);
  const done = await stores.lake.list({ states: ["SUCCESS"], ids }, ids.length + 1);
  equal(done.length, ids.length);
  deepEqual((await stores.lake.status(nowSeconds())).leases, []);
  equal((await stores.archive.count())["raw"], KILLS * UPLOADS);
  deepEqual(pauses.filter((pause) => pause > PATIENCE), []);
}

/** Waits until more uploads are archived, at most three times as long as that may take. */
async function untilMore(installation: Installation, than: number): Promise<void> {
  const deadline = Date.now() + 3 * PATIENCE;
  while (await countArchived(installation) <= than) {
    ok(Date.now() < deadline, "the service did not continue");
    await sleep(20, never);
  }
}

async function countArchived({ stores }: Installation): Promise<number> {
  return (await retryWhileDown(() => stores.lake.status(0))).counts.SUCCESS;
}

async function countUnfinished({ stores }: Installation): Promise<number> {
  const { counts } = await retryWhileDown(() => stores.lake.status(nowSeconds()));
  return counts.WAITING + counts.CLAIMED + counts.DELAYED;
}

/** Retries an operation while there is no primary. */
async function retryWhileDown<T>(operation: () => Promise<T>): Promise<T> {
  while (true) {
    try {
      return await operation();
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      await sleep(100, never);
    }
  }
}
