import { deepEqual, equal, ok } from "../assert.ts";
import { nowSeconds } from "../../lib/clock.ts";
import { sleep } from "../../lib/sleep.ts";
import { mongoUrl } from "../mongo/server.ts";
import { inboxBacklog, isDone, lakeBacklog } from "./backlog.ts";
import { createCommunity } from "./community.ts";
import { plantEntries, plantQueries } from "./damage_installation.ts";
import { install, type Installation, type InstallationOptions } from "./installation.ts";
import { LoggedProgram } from "./logged_program.ts";
import { until } from "./until.ts";
import { MetricsWatch } from "./watch_metrics.ts";

const SOUND = 20;
const DAMAGED = 200;
const KILLS = 6;
const WORKERS = 2;

/** Milliseconds that damaged work may add to the usual time of sound work. */
const ALLOWANCE = 1000;

/** How much longer all takes while other programs use the machine, at most. */
const LOADED = 5;

const PATIENCE = 60_000;

/** Each kill, and each lease that a busy machine lets run out, may use up an attempt of sound work. */
const SETTINGS = { lease: 1, max_attempts: 3 + 2 * KILLS };

/** A program, the work that it is given, and what must become of it. */
type Work = {
  /** Adds damaged work, which is older than what {@link addSound} adds; returns how much. */
  readonly addDamaged: () => Promise<number>;
  readonly addSound: () => Promise<void>;
  /** How much of the sound work has ended as it should. */
  readonly soundDone: () => Promise<number>;
  readonly isDone: () => Promise<boolean>;
  /** Checks that all ended, each once, after so much sound and damaged work. */
  readonly check: (sound: number, damaged: number) => Promise<void>;
};

const mongo = mongoUrl();
runTests("SQLite", {});
if (mongo !== undefined) runTests("MongoDB", { mongo });

function runTests(name: string, store: InstallationOptions): void {
  test(`archive on ${name}`, { ...store, program: "archive", archive: SETTINGS }, archiveWork);
  test(`report on ${name}`, { ...store, program: "report", report: SETTINGS }, reportWork);
}

function test(
  who: string,
  options: InstallationOptions & { readonly program: "archive" | "report" },
  workOf: (installation: Installation) => Promise<Work>,
): void {
  Deno.test(`${who} ends sound work in time beside damaged documents, and answers scrapes`, () =>
    withInstallation(options, async (installation) => {
      const work = await workOf(installation);
      const metrics = new MetricsWatch();
      const flags = metrics.flags(options.program);
      const program = new LoggedProgram(installation.start("run", ...flags));
      try {
        await program.untilLogged("started");
        // The first work also pays for what a program does once.
        await timeSound(work, SOUND);
        const usual = await timeSound(work, 2 * SOUND);
        program.process.kill("SIGSTOP");
        const damaged = await work.addDamaged();
        program.process.kill("SIGCONT");
        metrics.start();
        const beside = await timeSound(work, 3 * SOUND);
        ok(beside < (usual + ALLOWANCE) * LOADED, `${beside} ms, usually ${usual} ms`);
        await until(work.isDone, PATIENCE, "Not all has ended");
        await metrics.stop();
        await work.check(3 * SOUND, damaged);
      } finally {
        equal(await program.stop(), 0);
      }
      program.checkOnce();
    }));

  Deno.test(`${who}, killed beside damaged documents, ends each once`, () =>
    withInstallation(options, async (installation) => {
      const work = await workOf(installation);
      const damaged = await work.addDamaged();
      const start = () => new LoggedProgram(installation.start("run"));
      const workers = Array.from({ length: WORKERS }, start);
      const all = [...workers];
      try {
        for (let kills = 0; kills < KILLS; kills++) {
          const victim = workers.shift()!;
          await victim.untilLogged("started");
          await work.addSound();
          await sleep(Math.random() * 300, new AbortController().signal);
          await victim.kill();
          workers.push(start());
          all.push(workers.at(-1)!);
        }
        await until(work.isDone, PATIENCE, "Not all has ended");
        for (const worker of workers) await worker.untilLogged("started");
      } finally {
        for (const worker of workers) equal(await worker.stop(), 0);
      }
      await work.check(KILLS * SOUND, damaged);
      for (const program of all) program.checkOnce();
    }));
}

async function withInstallation(
  options: InstallationOptions,
  body: (installation: Installation) => Promise<void>,
): Promise<void> {
  const installation = await install(options);
  try {
    await body(installation);
  } finally {
    await installation.close();
  }
}

/** Milliseconds until sound work that is added now has ended, which makes it so much in total. */
async function timeSound(work: Work, total: number): Promise<number> {
  const start = performance.now();
  await work.addSound();
  await until(async () => await work.soundDone() === total, PATIENCE, "Sound work has not ended");
  return performance.now() - start;
}

function archiveWork(installation: Installation): Promise<Work> {
  const { stores: { lake, archive }, upload } = installation;
  let number = 0;
  return Promise.resolve({
    addDamaged: () => plantEntries(installation, DAMAGED),
    async addSound() {
      const uploads = Array.from({ length: SOUND }, () => upload(`{"number": ${number++}}`));
      await lake.submit(await Promise.all(uploads));
    },
    soundDone: async () => (await lake.status(nowSeconds())).counts.SUCCESS,
    isDone: async () => isDone(await lakeBacklog(installation.stores)),
    async check(sound, damaged) {
      const { counts } = await lake.status(nowSeconds());
      deepEqual([counts.SUCCESS, counts.ERROR + counts.NOT_SUPPORTED], [sound, damaged]);
      const { raw, event } = await archive.count();
      deepEqual([raw, event], [sound, sound]);
    },
  });
}

async function reportWork(installation: Installation): Promise<Work> {
  const { inbox, reports } = installation.stores;
  const { ask } = await createCommunity(installation);
  const asked: string[] = [];
  return {
    addDamaged: () => plantQueries(installation, DAMAGED),
    async addSound() {
      for (let i = 0; i < SOUND; i++) asked.push(await ask(asked.length));
    },
    soundDone: async () => (await inbox.status(nowSeconds())).counts.ready,
    isDone: async () => isDone(await inboxBacklog(installation.stores)),
    async check(sound, damaged) {
      const { counts, quarantined = 0 } = await inbox.status(nowSeconds());
      deepEqual([counts.ready, counts.failed + quarantined], [sound, damaged]);
      for (const id of asked) {
        const { status, report_id } = (await inbox.find(id))!.data;
        deepEqual(status, ["ready"]);
        equal((await reports.get(report_id as string[])).length, 1);
      }
    },
  };
}
