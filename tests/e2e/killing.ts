import { sleep } from "../../lib/sleep.ts";

const never = new AbortController().signal;

export type Killing = {
  readonly start: () => Deno.ChildProcess;
  readonly workers: number;
  readonly kills: number;
  /** Runs before each kill. */
  readonly before: () => Promise<unknown>;
  /** Whether there is nothing left to do. */
  readonly done: () => Promise<boolean>;
  /** Milliseconds that the rest may take. */
  readonly patience: number;
};

/** Always so many workers at work, one of them killed every now and then; then all go on. */
export async function killAgainAndAgain(killing: Killing): Promise<void> {
  const { start, kills, before, done, patience } = killing;
  const workers = Array.from({ length: killing.workers }, start);
  for (let kill = 0; kill < kills; kill++) {
    await before();
    const victim = Math.floor(Math.random() * workers.length);
    await end(workers[victim]!, "SIGKILL");
    workers[victim] = start();
  }
  const deadline = Date.now() + patience;
  while (Date.now() < deadline && !await done()) await sleep(200, never);
  await Promise.all(workers.map((worker) => end(worker, "SIGTERM")));
}

async function end(worker: Deno.ChildProcess, signal: Deno.Signal): Promise<void> {
  worker.kill(signal);
  await worker.output();
}
