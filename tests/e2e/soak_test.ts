import { equal, ok } from "../assert.ts";
import { sleep } from "../../lib/sleep.ts";
import { mongoUrl } from "../mongo/server.ts";
import { commandOf } from "../program.ts";
import { install, type Installation } from "./installation.ts";
import { LONG } from "./long.ts";
import { hourlyGain, type ResourceSample, sampleResources } from "./resources.ts";
import { SteadyLoad } from "./steady_load.ts";

/** Rounds of load, one second each: first until caches are full and hot code is compiled, then measured. */
const WARM_UP = LONG ? 20 * 60 : 3;
const MEASURED = LONG ? 60 * 60 : 6;

/** Milliseconds between two measurements of a process, and the time allowed to collect garbage. */
const EVERY = LONG ? 30_000 : 1000;
const COLLECTING = LONG ? 2000 : 500;

/** MiB that a process may gain per hour. */
const MAX_GAIN = 1;

/** Connections that the MongoDB driver may add when it needs more at once than before. */
const CONNECTIONS = 5;

const never = new AbortController().signal;
const mongo = mongoUrl();

Deno.test("archive and report under steady load do not use more memory or files over time", async () => {
  await using sqlite = await Soak.begin("SQLite", undefined);
  await using mongodb = mongo === undefined ? undefined : await Soak.begin("MongoDB", mongo);
  const soaks = mongodb === undefined ? [sqlite] : [sqlite, mongodb];
  const held = (await Promise.all(soaks.map((soak) => soak.run()))).flat();
  if (LONG) console.table(held);
  for (const { program, files, filesAtEnd, gain } of held) {
    ok(filesAtEnd <= files + CONNECTIONS, `${program}: ${files} files open, then ${filesAtEnd}`);
    if (LONG) ok(gain < MAX_GAIN, `${program} gained ${gain.toFixed(2)} MiB an hour`);
  }
});

/** The resources that a program used; memory in MiB. */
type ResourceUse = {
  readonly program: string;
  /** Private memory after garbage collection: at the start, at the end, and gained per hour. */
  readonly own: number;
  readonly ownAtEnd: number;
  readonly gain: number;
  /** Most memory in total, including garbage and files. */
  readonly resident: number;
  /** Most files open in the first half, and in the second. */
  readonly files: number;
  readonly filesAtEnd: number;
};

/** An installation with its programs running. */
class Soak implements AsyncDisposable {
  readonly #name: string;
  readonly #installation: Installation;
  readonly #load: SteadyLoad;
  readonly #programs: readonly (readonly [name: string, Deno.ChildProcess])[];

  private constructor(name: string, installation: Installation, load: SteadyLoad) {
    this.#name = name;
    this.#installation = installation;
    this.#load = load;
    this.#programs = ["archive", "report"]
      .map((program) => [program, start(program, installation)] as const);
  }

  static async begin(name: string, mongo: string | undefined): Promise<Soak> {
    const installation = await install(mongo === undefined ? {} : { mongo });
    return new Soak(name, installation, await SteadyLoad.prepare(installation));
  }

  /** Puts load on the programs, measures them meanwhile, and stops them. */
  async run(): Promise<ResourceUse[]> {
    const load = this.#load;
    await load.run(1);
    await load.untilDone();
    await load.run(WARM_UP);
    const over = new AbortController();
    const loading = load.run(MEASURED).finally(() => over.abort());
    const measuring = this.#programs.map(async ([name, program]) =>
      resourceUse(`${name} on ${this.#name}`, await measureProgram(program, over.signal))
    );
    const [, ...held] = await Promise.all([loading, ...measuring]);
    await load.untilDone();
    for (const [name, program] of this.#programs) {
      program.kill("SIGTERM");
      equal((await program.status).code, 0, name);
    }
    const { uploads, questions, notified } = load;
    console.log(
      `${this.#name}: ${uploads} uploads, ${questions} questions, ${notified} callers notified`,
    );
    return held;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#load.close();
    for (const [, program] of this.#programs) await program[Symbol.asyncDispose]();
    await this.#installation.close();
  }
}

function start(program: string, { config }: Installation): Deno.ChildProcess {
  const { path, args } = commandOf(program, ["-A"]);
  return new Deno.Command(path, {
    args: [...args, "--config", config.file!, "run"],
    // Makes Deno collect garbage and return memory on SIGUSR2.
    env: { DENO_USR2_MEMORY_TRIM: "1" },
    stdin: "null",
    stdout: "null",
    stderr: LONG ? "inherit" : "null",
  }).spawn();
}

/** A process as it was found, and after garbage collection. */
type Measurement = { readonly found: ResourceSample; readonly collected: ResourceSample };

/** Measures a program repeatedly until the signal aborts. */
async function measureProgram(
  program: Deno.ChildProcess,
  signal: AbortSignal,
): Promise<Measurement[]> {
  const measurements: Measurement[] = [];
  while (!signal.aborted) {
    const found = sampleResources(program.pid);
    program.kill("SIGUSR2");
    let collected = found;
    for (const end = Date.now() + COLLECTING; Date.now() < end; await sleep(50, never)) {
      const now = sampleResources(program.pid);
      if (now.own < collected.own) collected = now;
    }
    measurements.push({ found, collected });
    await sleep(EVERY - COLLECTING, signal);
  }
  return measurements;
}

function resourceUse(program: string, measurements: readonly Measurement[]): ResourceUse {
  const found = measurements.map(({ found }) => found);
  const collected = measurements.map(({ collected }) => collected);
  const half = Math.ceil(measurements.length / 2);
  const most = (samples: readonly ResourceSample[], name: "resident" | "files") =>
    Math.max(...samples.map((sample) => sample[name]));
  return {
    program,
    own: collected[0]!.own,
    ownAtEnd: collected.at(-1)!.own,
    gain: hourlyGain(collected),
    resident: most(found, "resident"),
    files: most(found.slice(0, half), "files"),
    filesAtEnd: most(found.slice(half), "files"),
  };
}
