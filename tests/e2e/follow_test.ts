import { equal } from "../assert.ts";
import { join } from "node:path";
import { sleep } from "../../lib/sleep.ts";
import { mongoUrl } from "../mongo/server.ts";
import { install, type Installation } from "./installation.ts";
import { LONG } from "./long.ts";
import { until } from "./until.ts";

const KILLS = LONG ? 50 : 4;
const LINES_PER_STEP = 50;
const STEPS_PER_KILL = 6;
const never = new AbortController().signal;

const mongo = mongoUrl();
const BACKENDS = [["SQLite", undefined], ...(mongo === undefined ? [] : [["MongoDB", mongo]])];

/** How a log is imported while it grows, by the option. */
const MODES = {
  "--follow": ({ path }: RotatedLog) => ["--follow", path, "--type", "cowrie"],
  "--watch": ({ folder }: RotatedLog) => ["--watch", folder],
} as const;

for (const [name, mongo] of BACKENDS) {
  for (const mode of ["--follow", "--watch"] as const) followTest(name!, mongo, mode);
}

function followTest(name: string, mongo: string | undefined, mode: keyof typeof MODES): void {
  Deno.test(`archive import ${mode} on ${name}, killed while logs rotate, imports each line once`, async () => {
    const installation = await install({ ...(mongo !== undefined && { mongo }) });
    try {
      const log = new RotatedLog(join(installation.folder, "logs"));
      const count = async () => (await installation.stores.archive.count())["event"] ?? 0;
      log.append(1);
      for (let kill = 0; kill < KILLS; kill++) {
        const follower = follow(installation, MODES[mode](log));
        // Logs that were rotated before the first start are left alone.
        if (kill === 0) await until(async () => await count() > 0, 60_000, "Nothing came");
        for (let step = 0; step < STEPS_PER_KILL; step++) {
          log.append(LINES_PER_STEP);
          await sleep(600 * Math.random(), never);
          if (step === kill % STEPS_PER_KILL) log.rotate(kill);
        }
        follower.kill("SIGKILL");
        await follower.status;
      }
      const follower = follow(installation, MODES[mode](log));
      const all = async () => await count() === log.written;
      await until(all, 60_000, `Not all ${log.written} lines came`);
      await sleep(2500, never);
      follower.kill("SIGTERM");
      equal((await follower.status).code, 0);
      equal(await count(), log.written);
      equal(await linesInRaws(installation), log.written);
    } finally {
      await installation.close();
    }
  });
}

function follow(installation: Installation, args: readonly string[]): Deno.ChildProcess {
  const follower = installation.start("import", ...args, "--org", "ab".repeat(32));
  follower.stdout.cancel();
  follower.stderr.pipeTo(new WritableStream());
  return follower;
}

/** Lines in all Raws: as many as events if none was imported twice. */
async function linesInRaws({ stores }: Installation): Promise<number> {
  let lines = 0;
  for await (const { data } of stores.archive.raws("cowrie")) {
    const text = (data as { readonly data?: unknown }).data;
    lines += typeof text === "string" ? text.split("\n").filter((line) => line !== "").length : 1;
  }
  return lines;
}

/** A log that a honeypot writes and logrotate rotates. */
class RotatedLog {
  readonly folder: string;
  readonly path: string;
  written = 0;

  constructor(folder: string) {
    Deno.mkdirSync(folder);
    this.folder = folder;
    this.path = join(folder, "cowrie.json");
    Deno.writeTextFileSync(this.path, "");
  }

  append(lines: number): void {
    const text = Array.from({ length: lines }, () => this.#line()).join("");
    Deno.writeTextFileSync(this.path, text, { append: true });
  }

  #line(): string {
    const record = {
      eventid: "cowrie.login.failed",
      username: "root",
      password: `p${this.written++}`,
      timestamp: new Date(this.written * 1000).toISOString(),
      sensor: "hp-1",
      session: "a1",
      src_ip: "203.0.113.66",
    };
    return JSON.stringify(record) + "\n";
  }

  /** Renames the log, or copies and truncates it, in turn. */
  rotate(number: number): void {
    const rotated = `${this.path}.${number}`;
    if (number % 2 === 0) {
      Deno.renameSync(this.path, rotated);
      Deno.writeTextFileSync(this.path, "");
    } else {
      Deno.copyFileSync(this.path, rotated);
      Deno.truncateSync(this.path);
    }
  }
}
