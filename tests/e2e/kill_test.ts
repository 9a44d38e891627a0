import { deepEqual, equal } from "../assert.ts";
import { nowSeconds } from "../../lib/clock.ts";
import type { Raw } from "../../lib/tahoe/instance.ts";
import { mongoUrl } from "../mongo/server.ts";
import { lakeBacklog } from "./backlog.ts";
import { install, type Installation } from "./installation.ts";
import { killRepeatedly } from "./killing.ts";
import { LONG } from "./long.ts";

const KILLS = LONG ? 100 : 10;
/** Uploads submitted before each kill. */
const UPLOADS_PER_KILL = LONG ? 100 : 50;
/** Uploads with different data; the others repeat one of these. */
const DIFFERENT = Math.ceil(KILLS * UPLOADS_PER_KILL * 2 / 3);
const DAMAGED = 12;
const WORKERS = 4;
const LEASE = 2;

const mongo = mongoUrl();
killTest("SQLite", undefined);
if (mongo !== undefined) killTest("MongoDB", mongo);

function killTest(name: string, mongo: string | undefined): void {
  Deno.test(`archive on ${name}, killed repeatedly, loses nothing and stores nothing twice`, async () => {
    const installation = await install({
      ...(mongo !== undefined && { mongo }),
      archive: { lease: LEASE, batch: 16 },
    });
    try {
      let uploads = 0;
      const { kills, seconds } = await killRepeatedly({
        start: () => installation.start("run"),
        workers: WORKERS,
        kills: KILLS,
        addWork: async () => {
          await submit(installation, uploads);
          uploads += UPLOADS_PER_KILL;
        },
        backlog: () => lakeBacklog(installation.stores),
        patience: (LEASE + 10) * 1000,
      });
      console.log(`${uploads} uploads, ${kills} kills; all settled ${seconds} s after the last`);
      await checkOutcome(installation, uploads);
    } finally {
      await installation.close();
    }
  });
}

/** Submits the uploads before one kill, numbered from `from` on. */
async function submit({ stores, upload }: Installation, from: number): Promise<void> {
  const uploads = Array.from({ length: UPLOADS_PER_KILL }, async (_, index) => {
    const number = from + index;
    const sound = await upload(`{"number": ${number % DIFFERENT}}`, { timestamp: number });
    if (number >= DAMAGED) return sound;
    return { ...sound, bytes: sound.bytes.with(260, sound.bytes[260]! ^ 1) };
  });
  await stores.lake.submit(await Promise.all(uploads));
}

async function checkOutcome({ stores, run }: Installation, uploads: number): Promise<void> {
  // Each sound upload is a sighting at its own time, even if another one has the same data.
  const sound = Array.from({ length: uploads - DAMAGED }, (_, index) => DAMAGED + index);
  const sent = Map.groupBy(sound, (number) => number % DIFFERENT);
  const { counts, leases } = await stores.lake.status(nowSeconds());
  deepEqual(counts, {
    WAITING: 0,
    CLAIMED: 0,
    DELAYED: 0,
    SUCCESS: sound.length,
    NOT_SUPPORTED: 0,
    ERROR: DAMAGED,
  });
  deepEqual(leases, []);
  equal((await stores.archive.count())["raw"], sent.size);
  const entries = await stores.lake.list({ states: ["SUCCESS"] }, uploads);
  equal(entries.every(({ refs }) => refs.length === 1), true);
  deepEqual(await stores.archive.missing(entries.flatMap(({ refs }) => refs)), []);
  const raws: Raw[] = [];
  const times: number[] = [];
  for await (const instance of stores.archive.all()) {
    if (instance.itype === "raw") raws.push(instance);
    if (instance.itype === "event") times.push(instance.timestamp);
  }
  deepEqual(times.toSorted((a, b) => a - b), sound);
  for (const { data, _sources = [] } of raws) {
    const { number } = data as { number: bigint };
    const timestamps = _sources.map(({ timestamp }) => timestamp).toSorted((a, b) => a - b);
    deepEqual(timestamps, sent.get(Number(number)), `sources of ${number}`);
  }
  equal((await run("verify")).code, 0);
}
