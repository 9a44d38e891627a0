import { deepEqual, equal, ok } from "../assert.ts";
import { verify } from "../../lib/cli/archive/verify.ts";
import { importOne } from "../../lib/lake/import.ts";
import { sleep } from "../../lib/sleep.ts";
import type { InstanceStore } from "../../lib/tahoe/instances.ts";
import { FILTERS } from "../../lib/typetags/typetags.ts";
import { mongoUrl } from "../mongo/server.ts";
import { normalForms } from "../normal_form.ts";
import { collect } from "../suites/open_instances.ts";
import { install, type Installation } from "./installation.ts";
import { LONG } from "./long.ts";

/** Records of a log, and logs: a step of forget takes one or two. */
const RECORDS = 500;
const LOGS = LONG ? 20 : 6;
const KILLS = LONG ? 50 : 5;
const NEVER = new AbortController().signal;

forgetKillTest("SQLite", undefined, KILLS);
// A transaction whose client was killed keeps its documents for a minute.
const mongo = mongoUrl();
if (mongo !== undefined && LONG) forgetKillTest("MongoDB", mongo, 5);

function forgetKillTest(name: string, mongo: string | undefined, kills: number): void {
  Deno.test(`archive forget on ${name}, killed again and again, leaves a sound archive`, async () => {
    const installation = await install({ ...(mongo !== undefined && { mongo }) });
    const { stores: { archive }, run } = installation;
    try {
      await importLog(archive, { from: RECORDS * 1.5, timestamp: 200 });
      const kept = await everything(archive);
      for (let log = 0; log < LOGS; log++) {
        await importLog(archive, { from: log * RECORDS, timestamp: 100 });
      }
      let killed = 0;
      for (let i = 1; i <= kills; i++) {
        if (await killForget(installation)) killed++;
        const { flaws } = await verify(archive, () => {});
        deepEqual(flaws, []);
      }
      let code = 1;
      for (let tries = 0; code !== 0 && tries < 5; tries++) {
        code = (await run("forget", "--before", "1970-01-01T00:02:30", "--yes")).code;
      }
      equal(code, 0);
      deepEqual(await everything(archive), kept);
      ok(killed > 0, `${killed} kills`);
    } finally {
      await installation.close();
    }
  });
}

/** Kills a forget at some moment after it began to take out; false if it was done before. */
async function killForget({ start, stores: { archive } }: Installation): Promise<boolean> {
  const before = (await archive.count())["event"];
  const process = start("forget", "--before", "1970-01-01T00:02:30", "--yes");
  let isOver = false;
  const ended = process.output().finally(() => {
    isOver = true;
  });
  while (!isOver && (await archive.count())["event"] === before) await sleep(5, NEVER);
  await sleep(200 * Math.random(), NEVER);
  if (!isOver) process.kill("SIGKILL");
  return (await ended).signal === "SIGKILL";
}

/** Imports a log; one that begins with another record may have much in common with it. */
async function importLog(
  archive: InstanceStore,
  { from, timestamp }: { readonly from: number; readonly timestamp: number },
): Promise<void> {
  const lines = Array.from({ length: RECORDS }, (_, index) => {
    const number = from + index;
    return JSON.stringify({
      eventid: "cowrie.login.failed",
      username: `user${number % 50}`,
      password: `password${number}`,
      timestamp: new Date(Date.UTC(2026, 0, 1) + 1000 * number).toISOString(),
      sensor: "hp-1",
      session: `s${number >> 2}`,
      src_ip: `203.0.113.${number % 200}`,
    });
  });
  const data = new TextEncoder().encode(lines.join("\n"));
  const upload = { typetag: "cowrie", timezone: "UTC", orgid: "aa".repeat(32) };
  const options = { archive, filters: FILTERS, upload, now: () => timestamp };
  equal("filtered" in await importOne({ name: "log", data }, options), true);
}

async function everything(store: InstanceStore): Promise<string[]> {
  return normalForms((await collect(store.all())).map((instance) => ({ ...instance })));
}
