import { DatabaseSync } from "node:sqlite";
import { sleep } from "../../lib/sleep.ts";
import type { Backlog } from "./backlog.ts";
import type { Installation } from "./installation.ts";
import { until } from "./until.ts";

const never = new AbortController().signal;

export type Stopping = {
  readonly program: Deno.ChildProcess;
  readonly installation: Installation;
  readonly backlog: () => Promise<Backlog>;
  /** In seconds. */
  readonly lease: number;
};

/**
 * Stops a program while it holds claims, for three leases. What it had sent before is done by then,
 * and what is in hand is what it still holds.
 */
export async function stopForThreeLeases(stopping: Stopping): Promise<void> {
  const { program, installation, backlog, lease } = stopping;
  const inHand = async () => (await backlog()).inHand > 0;
  while (true) {
    await until(inHand, 30_000, "It was not in the middle");
    await stopOutsideTransactions(program, installation);
    await sleep(3 * lease * 1000, never);
    if (await inHand()) return;
    program.kill("SIGCONT");
  }
}

/** Whoever is stopped within a transaction on SQLite keeps the file locked: nobody could go on. */
async function stopOutsideTransactions(
  program: Deno.ChildProcess,
  { config: { archive: { url } } }: Installation,
): Promise<void> {
  if (!url.startsWith("sqlite:")) return program.kill("SIGSTOP");
  const db = new DatabaseSync(url.slice("sqlite:".length));
  db.exec("PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE");
  program.kill("SIGSTOP");
  await sleep(20, never);
  db.close();
}
