import { equal, ok } from "node:assert/strict";
import { sleep } from "../../lib/sleep.ts";
import { mongoUrl } from "../mongo/server.ts";
import { commandOf } from "../program.ts";
import { install, type Installation } from "./installation.ts";
import { long } from "./long.ts";
import { gainOf, type Sample, sample } from "./resources.ts";
import { SteadyLoad } from "./steady_load.ts";

/** Rounds of load, a second each: until caches are full and hot code is compiled, and from then on. */
const WARM_UP = long ? 20 * 60 : 3;
const MEASURED = long ? 60 * 60 : 6;

/** Milliseconds between two looks at a process, and in which garbage is collected. */
const EVERY = long ? 30_000 : 1000;
const COLLECTING = long ? 2000 : 500;

/** MiB that a process may gain in an hour. */
const MOST = 1;

/** Connections that the MongoDB driver opens when it needs more at once than ever before. */
const CONNECTIONS = 5;

const never = new AbortController().signal;
const mongo = mongoUrl();

Deno.test("archive and report under steady load hold no more memory and files than before", async () => {
  await using sqlite = await Soak.begin("SQLite", undefined);
  await using mongodb = mongo === undefined ? undefined : await Soak.begin("MongoDB", mongo);
  const soaks = mongodb === undefined ? [sqlite] : [sqlite, mongodb];
  const held = (await Promise.all(soaks.map((soak) => soak.run()))).flat();
  if (long) console.table(held);
  for (const { program, files, filesAtEnd, gain } of held) {
    ok(filesAtEnd <= files + CONNECTIONS, `${program}: ${files} files open, then ${filesAtEnd}`);
    if (long) ok(gain < MOST, `${program} gained ${gain.toFixed(2)} MiB an hour`);
  }
});

/** What a program held; MiB where nothing else is said. */
type Held = {
  readonly program: string;
  /** Its own memory, garbage collected: at the first and the last look, and what came in an hour. */
  readonly own: number;
  readonly ownAtEnd: number;
  readonly gain: number;
  /** All of its memory, at most: as it was found, garbage and files included. */
  readonly resident: number;
  /** The most open in the first and in the second half. */
  readonly files: number;
  readonly filesAtEnd: number;
};

/** An installation, and its programs at work. */
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

  /** Loads the programs, looks at them meanwhile, and stops them. */
  async run(): Promise<Held[]> {
    const load = this.#load;
    await load.run(1);
    await load.untilDone();
    await load.run(WARM_UP);
    const over = new AbortController();
    const loading = load.run(MEASURED).finally(() => over.abort());
    const looking = this.#programs.map(async ([name, program]) =>
      heldBy(`${name} on ${this.#name}`, await looksAt(program, over.signal))
    );
    const [, ...held] = await Promise.all([loading, ...looking]);
    await load.untilDone();
    for (const [name, program] of this.#programs) {
      program.kill("SIGTERM");
      equal((await program.status).code, 0, name);
    }
    const { uploads, questions, told } = load;
    console.log(`${this.#name}: ${uploads} uploads, ${questions} questions, ${told} callers told`);
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
    // Deno collects garbage, and gives memory back, on SIGUSR2.
    env: { DENO_USR2_MEMORY_TRIM: "1" },
    ...{ stdin: "null", stdout: "null", stderr: long ? "inherit" : "null" },
  }).spawn();
}

type Look = { readonly found: Sample; readonly collected: Sample };

/** Looks at a program until the signal aborts, each time as it is and after a collection. */
async function looksAt(program: Deno.ChildProcess, signal: AbortSignal): Promise<Look[]> {
  const looks: Look[] = [];
  while (!signal.aborted) {
    const found = sample(program.pid);
    program.kill("SIGUSR2");
    let collected = found;
    for (const end = Date.now() + COLLECTING; Date.now() < end; await sleep(50, never)) {
      const now = sample(program.pid);
      if (now.own < collected.own) collected = now;
    }
    looks.push({ found, collected });
    await sleep(EVERY - COLLECTING, signal);
  }
  return looks;
}

function heldBy(program: string, looks: readonly Look[]): Held {
  const found = looks.map(({ found }) => found);
  const collected = looks.map(({ collected }) => collected);
  const half = Math.ceil(looks.length / 2);
  const most = (samples: readonly Sample[], name: "resident" | "files") =>
    Math.max(...samples.map((sample) => sample[name]));
  return {
    program,
    own: collected[0]!.own,
    ownAtEnd: collected.at(-1)!.own,
    gain: gainOf(collected),
    resident: most(found, "resident"),
    files: most(found.slice(0, half), "files"),
    filesAtEnd: most(found.slice(half), "files"),
  };
}
