import { deepEqual, equal } from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sleep } from "../../lib/sleep.ts";
import { mongoUrl } from "../mongo/server.ts";
import { install, type Installation } from "./installation.ts";
import { long } from "./long.ts";

const WORKER = fileURLToPath(new URL("poison_worker.ts", import.meta.url));
const SOUND = long ? 1000 : 60;
const MAX_ATTEMPTS = long ? 10 : 3;
const LEASE = 1;
const never = new AbortController().signal;

const mongo = mongoUrl();
poisonTest("SQLite", undefined);
if (mongo !== undefined) poisonTest("MongoDB", mongo);

function poisonTest(name: string, mongo: string | undefined): void {
  Deno.test(`archiveJob on ${name} gives an entry up that aborts its workers, and does the rest`, async () => {
    const installation = await install({
      ...(mongo !== undefined && { mongo }),
      archive: { lease: LEASE, batch: 16, max_attempts: MAX_ATTEMPTS, typetags: ["poison"] },
    });
    const { stores, upload } = installation;
    try {
      const uploads = Array.from({ length: SOUND }, (_, number) => upload(`${number}`));
      const poison = await upload('"poison"', { typetag: "poison" });
      await stores.lake.submit((await Promise.all(uploads)).toSpliced(SOUND >> 1, 0, poison));
      equal(await workUntilDone(installation), MAX_ATTEMPTS);
      const [lost, ...others] = await stores.lake.list({ states: ["ERROR"] }, 2);
      deepEqual(others, []);
      equal(lost!.typetag, "poison");
      equal(lost!.reason, `Given up after ${MAX_ATTEMPTS} attempts: the worker died`);
      const done = await stores.lake.list({ states: ["SUCCESS"] }, SOUND + 1);
      equal(done.length, SOUND);
      // Nobody else pays for it but those that were in hand when it came first.
      equal(Math.max(...done.map(({ attempts }) => attempts)) <= 2, true);
      equal((await stores.archive.count())["raw"], SOUND);
    } finally {
      await installation.close();
    }
  });
}

/** Starts a worker whenever one ended, until nothing is left; returns how many were aborted. */
async function workUntilDone({ folder, stores }: Installation): Promise<number> {
  let aborted = 0;
  for (let number = 0; await unfinished(stores) > 0; number++) {
    const { signal, code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "-A", WORKER, join(folder, "config.json"), `worker ${number}`],
      // Where an abort would leave a core file.
      cwd: folder,
    }).output();
    if (signal === "SIGABRT") aborted++;
    else equal(code, 0, new TextDecoder().decode(stderr));
    await sleep(200, never);
  }
  return aborted;
}

async function unfinished({ lake }: Installation["stores"]): Promise<number> {
  const { counts } = await lake.status(Date.now() / 1000);
  return counts.WAITING + counts.CLAIMED + counts.DELAYED;
}
