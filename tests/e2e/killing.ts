import { sleep } from "../../lib/sleep.ts";
import { type Backlog, isDone } from "./backlog.ts";
import { until } from "./until.ts";

const never = new AbortController().signal;

export type Killing = {
  readonly start: () => Deno.ChildProcess;
  readonly workers: number;
  /** Kills that must leave leases behind; others come on top of them. */
  readonly kills: number;
  /** Brings more work in. */
  readonly more: () => Promise<unknown>;
  readonly backlog: () => Promise<Backlog>;
  /** Milliseconds after the last kill by which everything must be done. */
  readonly patience: number;
};

/** How it went. */
export type Killed = {
  /** Those that left no lease behind included. */
  readonly kills: number;
  /** From the last kill until everything was done. */
  readonly seconds: number;
};

type Worker = { readonly process: Deno.ChildProcess; readonly ended: Promise<unknown> };

/**
 * Always so many workers at work. Brings in more work when all was claimed, and kills one of those
 * that hold leases, again and again; then lets them do the rest.
 */
export async function killAgainAndAgain(killing: Killing): Promise<Killed> {
  const { start, more, backlog, patience } = killing;
  const workers = Array.from({ length: killing.workers }, () => launch(start));
  try {
    let kills = 0;
    for (let hits = 0; hits < killing.kills;) {
      await until(async () => (await backlog()).waiting === 0, 60_000, "Not all was claimed");
      await more();
      await sleep(Math.random() * 150, never);
      const victim = oneOf(holders(workers, await backlog()));
      if (victim === undefined) continue;
      await end(victim, "SIGKILL");
      workers[workers.indexOf(victim)] = launch(start);
      kills++;
      if (holds(victim, await backlog())) hits++;
    }
    const killed = Date.now();
    await until(async () => isDone(await backlog()), patience, "Not all was done");
    return { kills, seconds: (Date.now() - killed) / 1000 };
  } finally {
    await Promise.all(workers.map((worker) => end(worker, "SIGTERM")));
  }
}

function launch(start: () => Deno.ChildProcess): Worker {
  const process = start();
  // Left unread, its log would fill the pipe, and it would wait for a reader.
  return { process, ended: process.output() };
}

async function end({ process, ended }: Worker, signal: Deno.Signal): Promise<void> {
  process.kill(signal);
  await ended;
}

function holders(workers: readonly Worker[], backlog: Backlog): Worker[] {
  return workers.filter((worker) => holds(worker, backlog));
}

/** A worker's name has the number of its process between the host's name and what is random. */
function holds({ process }: Worker, { owners }: Backlog): boolean {
  return owners.some((owner) => owner.split("/").at(-2) === String(process.pid));
}

function oneOf<T>(choices: readonly T[]): T | undefined {
  return choices[Math.floor(Math.random() * choices.length)];
}
