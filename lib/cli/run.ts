import type { Command } from "commander";
import { backoff } from "../backoff.ts";
import { loadPrivateKey } from "../envelope/key_file.ts";
import { StoreUnavailable } from "../errors.ts";
import type { End } from "../lake/archive_batch.ts";
import { archiveJob } from "../lake/archive_job.ts";
import type { Outcome } from "../lake/lake.ts";
import { log } from "../log.ts";
import { sleep } from "../sleep.ts";
import { runWorker } from "../worker.ts";
import { newCommand } from "./command.ts";
import type { Context, Stores } from "./context.ts";
import { Outage } from "./outage.ts";

/** Batches worked on at once: while one is decrypted, another is claimed, read or stored. */
const PARALLEL = 3;

/** Milliseconds for work in hand after a signal; the contract gives ten seconds for all. */
const GRACE = 8000;

type Options = { readonly once?: true; readonly force?: true };

/** How often each outcome came. */
type Tally = Record<Outcome["state"], number>;

export function runCommand(context: Context): Command {
  return newCommand("run", "archive what waits in the cache lake, until told to stop", [
    "archive run                 as a service: goes on until SIGTERM or SIGINT",
    "archive run --once          archives what is there and ends",
    "archive run --once --force  does all finished entries once more, too",
  ])
    .option("--once", "end when nothing is left to do; exit code 1 if something must be retried")
    .option("--force", "take entries that are finished already, too")
    .action((options: Options) => run(context, options));
}

async function run(context: Context, options: Options): Promise<void> {
  const { once = false, force = false } = options;
  const config = await context.config();
  const key = await loadPrivateKey(config.archive.privateKey, { warn: (text) => log.warn(text) });
  const signal = context.stopSignal();
  const stores = await openStores(context, once, signal);
  if (stores === undefined) return;
  if (force) log.info("Reopened finished entries", { entries: await stores.lake.reopen({}) });

  const tally: Tally = { SUCCESS: 0, NOT_SUPPORTED: 0, ERROR: 0, RETRY: 0 };
  const { typetags, maxBytes, maxAttempts, envelope: first, batch, lease } = config.archive;
  const outage = new Outage();
  const job = archiveJob({
    ...stores,
    ...{ key, first, typetags, maxBytes, maxAttempts, batch, lease, now },
    owner: `${Deno.hostname()}/${Deno.pid}/${crypto.randomUUID().slice(0, 8)}`,
    retryAfter: backoff,
    onEnd: (end) => {
      tellEnd(end);
      if (!end.lost) tally[end.outcome.state]++;
    },
    onError: (error) => outage.failed(error),
  });
  const claim = async () => {
    const claims = await job.claim();
    outage.over();
    return claims;
  };
  log.info("Archive started", { once, batch, lease });
  const renewEvery = lease * 1000 / 3;
  const failures = await runWorker(
    { ...job, claim },
    { once, parallel: PARALLEL, renewEvery, grace: GRACE, signal },
  );
  log.info("Archive stopped", { ...tally });
  context.show(tally, () => tallyText(tally));
  if (once && failures > 0) context.fail();
}

/**
 * Opens the stores and makes their indices. As a service, waits for databases that are away;
 * undefined if told to stop meanwhile.
 */
async function openStores(
  context: Context,
  once: boolean,
  signal: AbortSignal,
): Promise<Stores | undefined> {
  for (let attempts = 0; !signal.aborted; attempts++) {
    try {
      const stores = await context.stores();
      for (const notice of await stores.prepare()) log.warn(notice);
      return stores;
    } catch (error) {
      if (once || !(error instanceof StoreUnavailable)) throw error;
      const seconds = backoff(attempts);
      log.warn(error.message, { retryIn: `${seconds.toFixed(1)}s` });
      await sleep(seconds * 1000, signal);
    }
  }
  return undefined;
}

function tellEnd({ claim, outcome, error, lost }: End): void {
  const fields = { entry: claim.id, attempts: claim.attempts };
  if (lost) log.warn("Lost the lease; another worker has the entry", fields);
  else if (outcome.state === "SUCCESS") log.debug("Archived", { ...fields, raw: outcome.ref });
  else {
    const cause = error instanceof Error ? error.cause : undefined;
    const what = outcome.state === "RETRY" ? "To be tried again" : "Quarantined";
    log.warn(what, { ...fields, ...outcome, cause });
  }
}

function tallyText({ SUCCESS, NOT_SUPPORTED, ERROR, RETRY }: Tally): string {
  return [
    `archived ${SUCCESS}`,
    `not supported ${NOT_SUPPORTED}`,
    `rejected ${ERROR}`,
    `to be tried again ${RETRY}`,
  ].join(", ");
}

function now(): number {
  return Date.now() / 1000;
}
