import { deepEqual, equal, ok } from "../assert.ts";
import { mongoUrl } from "../mongo/server.ts";
import { runUntilDone } from "./aborting.ts";
import { isDone, lakeBacklog } from "./backlog.ts";
import { install } from "./installation.ts";
import { LONG } from "./long.ts";

const SOUND = LONG ? 1000 : 60;
const MAX_ATTEMPTS = LONG ? 10 : 3;
const LEASE = 1;

const mongo = mongoUrl();
poisonTest("SQLite", undefined);
if (mongo !== undefined) poisonTest("MongoDB", mongo);

function poisonTest(name: string, mongo: string | undefined): void {
  Deno.test(`archiveJob on ${name} rejects an entry that aborts its workers, and archives the rest`, async () => {
    const installation = await install({
      ...(mongo !== undefined && { mongo }),
      archive: { lease: LEASE, batch: 16, max_attempts: MAX_ATTEMPTS, typetags: ["poison"] },
    });
    const { stores, upload } = installation;
    try {
      const uploads = Array.from({ length: SOUND }, (_, number) => upload(`${number}`));
      const poison = await upload('"poison"', { typetag: "poison" });
      await stores.lake.submit((await Promise.all(uploads)).toSpliced(SOUND >> 1, 0, poison));
      const done = async () => isDone(await lakeBacklog(stores));
      equal(
        await runUntilDone(installation, { program: "poison_worker.ts", isDone: done }),
        MAX_ATTEMPTS,
      );
      const [lost, ...others] = await stores.lake.list({ states: ["ERROR"] }, 2);
      deepEqual(others, []);
      equal(lost!.typetag, "poison");
      equal(lost!.reason, `Given up after ${MAX_ATTEMPTS} attempts: the worker died`);
      const archived = await stores.lake.list({ states: ["SUCCESS"] }, SOUND + 1);
      equal(archived.length, SOUND);
      // Of the other entries, only those claimed with it the first time used up an attempt.
      const mostAttempts = Math.max(...archived.map(({ attempts }) => attempts));
      ok(mostAttempts <= 2, String(mostAttempts));
      equal((await stores.archive.count())["raw"], SOUND);
    } finally {
      await installation.close();
    }
  });
}
