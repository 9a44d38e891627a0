import { deepEqual, equal } from "node:assert/strict";
import { StoreUnavailable } from "../../lib/errors.ts";
import { sleep } from "../../lib/sleep.ts";
import { mongoUrl } from "../mongo/server.ts";
import { install, type Installation, stop, untilLogged } from "./installation.ts";
import { long } from "./long.ts";

const ENTRIES = long ? 2000 : 400;
const LEASE = long ? 10 : 1;
const never = new AbortController().signal;

const mongo = mongoUrl();
stoppedTest("SQLite", undefined);
if (mongo !== undefined) stoppedTest("MongoDB", mongo);

function stoppedTest(name: string, mongo: string | undefined): void {
  Deno.test(`archive on ${name}, stopped for three leases, settles nothing that is another's`, async () => {
    const installation = await install({
      ...(mongo !== undefined && { mongo }),
      archive: { lease: LEASE, batch: 16 },
    });
    const { stores, upload, start, run } = installation;
    try {
      const uploads = Array.from({ length: ENTRIES }, (_, number) => upload(`${number}`));
      await stores.lake.submit(await Promise.all(uploads));
      const stopped = start("run");
      const held = await stopInTheMiddle(installation, stopped);
      await sleep(3 * LEASE * 1000, never);
      equal((await run("run", "--once")).code, 0);
      const done = await stores.lake.list({ states: ["SUCCESS"] }, ENTRIES + 1);
      equal(done.length, ENTRIES);
      stopped.kill("SIGCONT");
      await untilLogged(stopped, "Lost the lease; another worker has the entry");
      equal(await stop(stopped), 0);
      deepEqual(await stores.lake.list({ states: ["SUCCESS"] }, ENTRIES + 1), done);
      equal(done.filter(({ attempts }) => attempts > 1).length >= held, true);
      const { leases } = await stores.lake.status(Date.now() / 1000);
      deepEqual(leases, []);
      const { raw, event } = await stores.archive.count();
      deepEqual({ raw, event }, { raw: ENTRIES, event: undefined });
      equal((await run("verify")).code, 0);
    } finally {
      await installation.close();
    }
  });
}

/** Stops the program while it holds entries, but not the database; returns how many it holds. */
async function stopInTheMiddle(
  { stores }: Installation,
  program: Deno.ChildProcess,
): Promise<number> {
  const entriesHeld = async () => {
    const { leases } = await stores.lake.status(Date.now() / 1000);
    return leases.reduce((sum, { entries }) => sum + entries, 0);
  };
  const deadline = Date.now() + 30_000;
  while (true) {
    while (await entriesHeld() === 0) {
      equal(Date.now() < deadline, true, "it was never in the middle");
      await sleep(5, never);
    }
    program.kill("SIGSTOP");
    // What it had sent is done by then.
    await sleep(100, never);
    const held = await entriesHeld();
    if (held > 0 && await canWrite(stores)) return held;
    program.kill("SIGCONT");
    await sleep(20, never);
  }
}

async function canWrite({ lake }: Installation["stores"]): Promise<boolean> {
  try {
    await lake.reopen({ ids: ["none"] });
    return true;
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    return false;
  }
}
