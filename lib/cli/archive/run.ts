import type { Command } from "commander";
import { backoff } from "../../backoff.ts";
import { loadPrivateKey } from "../../envelope/key_file.ts";
import type { End } from "../../lake/archive_batch.ts";
import { archiveJob } from "../../lake/archive_job.ts";
import type { Outcome } from "../../lake/lake.ts";
import { log } from "../../log.ts";
import { newCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { runService, workerName } from "../service.ts";

/** Batches worked on at once: while one is decrypted, another is claimed, read or stored. */
const PARALLEL = 3;

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
  const { typetags, maxBytes, maxAttempts, envelope: first, batch, lease } = config.archive;
  const tally: Tally = { SUCCESS: 0, NOT_SUPPORTED: 0, ERROR: 0, RETRY: 0 };
  const failures = await runService(context, {
    stores: ["lake", "archive"],
    ...{ once, parallel: PARALLEL, lease },
    begin: async (stores, onError) => {
      if (force) log.info("Reopened finished entries", { entries: await stores.lake.reopen({}) });
      log.info("Archive started", { once, batch, lease });
      return archiveJob({
        ...stores,
        ...{ key, first, typetags, maxBytes, maxAttempts, batch, lease, now },
        owner: workerName(),
        retryAfter: backoff,
        onEnd: (end) => {
          tellEnd(end);
          if (!end.lost) tally[end.outcome.state]++;
        },
        onError,
      });
    },
  });
  log.info("Archive stopped", { ...tally });
  context.show(tally, () => tallyText(tally));
  if (once && failures > 0) context.fail();
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
