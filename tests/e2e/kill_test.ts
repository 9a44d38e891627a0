import { deepEqual, equal } from "node:assert/strict";
import type { Raw } from "../../lib/tahoe/instance.ts";
import { sleep } from "../../lib/sleep.ts";
import { mongoUrl } from "../mongo/server.ts";
import { install, type Installation } from "./installation.ts";
import { killAgainAndAgain } from "./killing.ts";
import { long } from "./long.ts";

const ENTRIES = long ? 10_000 : 600;
/** Every third upload says what another one says. */
const DIFFERENT = Math.ceil(ENTRIES * 2 / 3);
const DAMAGED = 12;
const WORKERS = 4;
const KILLS = long ? 100 : 12;
const LEASE = 2;
const never = new AbortController().signal;

const mongo = mongoUrl();
killTest("SQLite", undefined);
if (mongo !== undefined) killTest("MongoDB", mongo);

function killTest(name: string, mongo: string | undefined): void {
  Deno.test(`archive on ${name}, killed again and again, loses nothing and stores nothing twice`, async () => {
    const installation = await install({
      ...(mongo !== undefined && { mongo }),
      archive: { lease: LEASE, batch: 16 },
    });
    try {
      await fill(installation);
      await killAgainAndAgain({
        start: () => installation.start("run"),
        workers: WORKERS,
        kills: KILLS,
        before: () => sleep(150 + Math.random() * 350, never),
        done: async () => await unfinished(installation.stores) === 0,
        patience: (LEASE + 10) * 1000 + (long ? 180_000 : 20_000),
      });
      await checkOutcome(installation);
    } finally {
      await installation.close();
    }
  });
}

async function fill({ stores, upload }: Installation): Promise<void> {
  const uploads = Array.from({ length: ENTRIES }, async (_, number) => {
    const sound = await upload(`{"number": ${number % DIFFERENT}}`, { timestamp: number });
    if (number >= DAMAGED) return sound;
    return { ...sound, bytes: sound.bytes.with(260, sound.bytes[260]! ^ 1) };
  });
  await stores.lake.submit(await Promise.all(uploads));
}

async function unfinished({ lake }: Installation["stores"]): Promise<number> {
  const { counts } = await lake.status(Date.now() / 1000);
  return counts.WAITING + counts.CLAIMED + counts.DELAYED;
}

async function checkOutcome({ stores, run }: Installation): Promise<void> {
  const { counts, leases } = await stores.lake.status(Date.now() / 1000);
  deepEqual(counts, {
    WAITING: 0,
    CLAIMED: 0,
    DELAYED: 0,
    SUCCESS: ENTRIES - DAMAGED,
    NOT_SUPPORTED: 0,
    ERROR: DAMAGED,
  });
  deepEqual(leases, []);
  equal((await stores.archive.count())["raw"], DIFFERENT);
  const entries = await stores.lake.list({ states: ["SUCCESS"] }, ENTRIES);
  equal(entries.every(({ refs }) => refs.length === 1), true);
  deepEqual(await stores.archive.missing(entries.flatMap(({ refs }) => refs)), []);
  const raws: Raw[] = [];
  const times: number[] = [];
  for await (const instance of stores.archive.all()) {
    if (instance.itype === "raw") raws.push(instance);
    if (instance.itype === "event") times.push(instance.timestamp);
  }
  // Each sound upload is a sighting at its own time, whoever sent the same data.
  const sound = Array.from({ length: ENTRIES - DAMAGED }, (_, index) => DAMAGED + index);
  deepEqual(times.toSorted((a, b) => a - b), sound);
  for (const { data, _sources = [] } of raws) {
    const { number } = data as { number: bigint };
    const timestamps = _sources.map(({ timestamp }) => timestamp).toSorted((a, b) => a - b);
    const sent = [Number(number), Number(number) + DIFFERENT].filter((at) =>
      at >= DAMAGED && at < ENTRIES
    );
    deepEqual(timestamps, sent, `sources of ${number}`);
  }
  equal((await run("verify")).code, 0);
}
