import { DatabaseSync } from "node:sqlite";
import { sleep } from "../../lib/sleep.ts";
import type { Backlog } from "./backlog.ts";
import type { Installation } from "./installation.ts";
import { until } from "./until.ts";

const never = new AbortController().signal;

export type StopOptions = {
  readonly program: Deno.ChildProcess;
  readonly installation: Installation;
  readonly backlog: () => Promise<Backlog>;
  /** Seconds. */
  readonly lease: number;
};

/**
 * Pauses a program (SIGSTOP) for three leases while it holds claims. Afterwards everything that it had
 * sent before is done, and what is in hand are the claims that it still holds.
 */
export async function stopForThreeLeases(options: StopOptions): Promise<void> {
  const { program, installation, backlog, lease } = options;
  const inHand = async () => (await backlog()).inHand > 0;
  while (true) {
    await until(inHand, 30_000, "It was not at work");
    await stopOutsideTransactions(program, installation);
    await sleep(3 * lease * 1000, never);
    if (await inHand()) return;
    program.kill("SIGCONT");
  }
}

/** Pauses a program outside of SQLite transactions: inside one it would keep the file locked. */
export async function stopOutsideTransactions(
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
