import { deepEqual, equal } from "../assert.ts";
import { nowSeconds } from "../../lib/clock.ts";
import { mongoUrl } from "../mongo/server.ts";
import { inboxBacklog, isDone, lakeBacklog } from "./backlog.ts";
import { createCommunity } from "./community.ts";
import { plantEntries, plantQueries } from "./damage_installation.ts";
import { until } from "./until.ts";
import { install, type Installation, type InstallationOptions } from "./installation.ts";

/** Sound work that is added at once. */
export const SOUND = 20;

const PATIENCE = 60_000;

/** Most kills, or leases that run out, in a test: each may use up an attempt of sound work. */
export const MAX_KILLS = 6;

const SETTINGS = { lease: 1, max_attempts: 3 + 2 * MAX_KILLS };

/** The work that a program is given, and what must become of it. */
export type Work = {
  /** Adds damaged work, which is older than what {@link addSound} adds; returns how much. */
  readonly addDamaged: (count: number) => Promise<number>;
  readonly addSound: () => Promise<void>;
  /** How much of the sound work has ended as it should. */
  readonly soundDone: () => Promise<number>;
  readonly isDone: () => Promise<boolean>;
  /** Checks that all ended, each once, after so much sound and damaged work. */
  readonly check: (sound: number, damaged: number) => Promise<void>;
};

/** A program on a backend: what it is called, how to install it, and its work. */
export type Subject = {
  readonly who: string;
  readonly options: InstallationOptions & { readonly program: "archive" | "report" };
  readonly workOf: (installation: Installation) => Promise<Work>;
};

/** Both programs on SQLite and, if a server is named, on MongoDB. */
export function hostileSubjects(): readonly Subject[] {
  const mongo = mongoUrl();
  const stores: readonly (readonly [string, InstallationOptions])[] = [
    ["SQLite", {}],
    ...(mongo === undefined ? [] : [["MongoDB", { mongo }] as const]),
  ];
  return stores.flatMap(([name, store]): Subject[] => [{
    who: `archive on ${name}`,
    options: { ...store, program: "archive", archive: SETTINGS },
    workOf: archiveWork,
  }, {
    who: `report on ${name}`,
    options: { ...store, program: "report", report: SETTINGS },
    workOf: reportWork,
  }]);
}

export async function withInstallation(
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

function archiveWork(installation: Installation): Promise<Work> {
  const { stores: { lake, archive }, upload } = installation;
  let number = 0;
  return Promise.resolve({
    addDamaged: (count) => plantEntries(installation, count),
    async addSound() {
      const uploads = Array.from({ length: SOUND }, () => upload(`{"number": ${number++}}`));
      await lake.submit(await Promise.all(uploads));
    },
    soundDone: async () => (await lake.status(nowSeconds())).counts.SUCCESS,
    isDone: async () => isDone(await lakeBacklog(installation.stores)),
    async check(sound, damaged) {
      const ended = async () => {
        const { SUCCESS, NOT_SUPPORTED, ERROR } = (await lake.status(nowSeconds())).counts;
        return SUCCESS + NOT_SUPPORTED + ERROR === sound + damaged;
      };
      // What is not unfinished, because of what it has as processed, is looked for now and then.
      await until(ended, PATIENCE, "Not all has ended");
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
    addDamaged: (count) => plantQueries(installation, count),
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
