import { sleep } from "../../lib/sleep.ts";
import { type Backlog, isDone } from "./backlog.ts";
import { until } from "./until.ts";

const never = new AbortController().signal;

export type KillOptions = {
  /** Starts a worker. */
  readonly start: () => Deno.ChildProcess;
  /** Number of workers that run at the same time. */
  readonly workers: number;
  /** Number of kills that must leave leases behind; other kills do not count. */
  readonly kills: number;
  /** Adds more work. */
  readonly addWork: () => Promise<unknown>;
  readonly backlog: () => Promise<Backlog>;
  /**
   * The most milliseconds after the last kill in which nothing more gets done, until everything is:
   * how long all of it takes depends on the machine and on what else it does.
   */
  readonly patience: number;
};

/** The outcome of repeated kills. */
export type KillResult = {
  /** Number of kills, including those that left no lease behind. */
  readonly kills: number;
  /** Seconds from the last kill until everything was done. */
  readonly seconds: number;
};

type WorkerProcess = { readonly process: Deno.ChildProcess; readonly ended: Promise<unknown> };

/**
 * Keeps a number of workers running. Repeatedly adds work when everything is claimed, and kills one
 * of the workers that hold leases; then lets them finish.
 */
export async function killRepeatedly(options: KillOptions): Promise<KillResult> {
  const { start, addWork, backlog, patience } = options;
  const workers = Array.from({ length: options.workers }, () => launch(start));
  try {
    let kills = 0;
    for (let hits = 0; hits < options.kills;) {
      await until(
        async () => (await backlog()).waiting === 0,
        60_000,
        "Not everything was claimed",
      );
      await addWork();
      await sleep(Math.random() * 150, never);
      const victim = pickRandom(leaseHolders(workers, await backlog()));
      if (victim === undefined) continue;
      await end(victim, "SIGKILL");
      workers[workers.indexOf(victim)] = launch(start);
      kills++;
      if (holdsLeases(victim, await backlog())) hits++;
    }
    const killed = Date.now();
    await untilDone(backlog, patience);
    return { kills, seconds: (Date.now() - killed) / 1000 };
  } finally {
    await Promise.all(workers.map((worker) => end(worker, "SIGTERM")));
  }
}

/** Resolves once everything is done. */
async function untilDone(backlog: KillOptions["backlog"], patience: number): Promise<void> {
  let last = await backlog();
  while (!isDone(last)) {
    const { done } = last;
    const goesOn = async () => {
      last = await backlog();
      return last.done > done || isDone(last);
    };
    await until(goesOn, patience, `Nothing more was done, of ${JSON.stringify(last)},`);
  }
}

function launch(start: () => Deno.ChildProcess): WorkerProcess {
  const process = start();
  // An unread log would fill the pipe, and block the program.
  return { process, ended: process.output() };
}

async function end({ process, ended }: WorkerProcess, signal: Deno.Signal): Promise<void> {
  process.kill(signal);
  await ended;
}

function leaseHolders(workers: readonly WorkerProcess[], backlog: Backlog): WorkerProcess[] {
  return workers.filter((worker) => holdsLeases(worker, backlog));
}

/** Tells whether a worker holds leases. Its name contains its process id, after the host's name. */
function holdsLeases({ process }: WorkerProcess, { owners }: Backlog): boolean {
  return owners.some((owner) => owner.split("/").at(-2) === String(process.pid));
}

function pickRandom<T>(choices: readonly T[]): T | undefined {
  return choices[Math.floor(Math.random() * choices.length)];
}
