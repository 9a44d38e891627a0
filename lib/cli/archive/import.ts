import type { Command } from "commander";
import { backoff } from "../../backoff.ts";
import { nowSeconds } from "../../clock.ts";
import { errorMessage, StoreUnavailable } from "../../errors.ts";
import { type Imported, importOne, type ImportOptions } from "../../lake/import.ts";
import { isSupported } from "../../lake/parse.ts";
import { checkUploadFields } from "../../lake/submit.ts";
import { log } from "../../log.ts";
import { sleep } from "../../sleep.ts";
import { filters } from "../../typetags/typetags.ts";
import { newCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { startProgress } from "../progress.ts";
import { table } from "../table.ts";
import { findInputs, type InputOptions, readInputs } from "./inputs.ts";
import { orgidOf } from "./org_option.ts";
import { settledFiles } from "./watch.ts";

type Options = {
  readonly type: string;
  readonly org: string;
  readonly timezone: string;
  readonly watch?: string;
};

export function importCommand(context: Context): Command {
  return newCommand("import", "archive local files at once, without a key or a cache lake", [
    "archive import cowrie.json --type cowrie --org example",
    "archive import 'feeds/*.txt' --type ioc_list --org example --json",
    "archive import --watch /var/spool/feeds --type stix --org example",
  ])
    .argument("[file...]", "files or patterns; - is standard input")
    .requiredOption("-t, --type <type>", `what the data is: ${[...filters.keys()].join(", ")}`)
    .requiredOption("-o, --org <org>", "the organisation it comes from: its hash or name")
    .option("--timezone <zone>", "time zone the data was recorded in", "UTC")
    .option("--watch <folder>", "import the files there, and go on with those that come")
    .action((files: string[], options: Options, command: Command) =>
      importFiles(context, files, options, command)
    );
}

async function importFiles(
  context: Context,
  files: readonly string[],
  options: Options,
  command: Command,
): Promise<void> {
  const { archive: { maxBytes, typetags, filters: filtering } } = await context.config();
  checkArguments(files, options, typetags, command);
  const { type: typetag, timezone, watch } = options;
  const orgid = await orgidOf(context, options.org);
  const stores = await context.stores("archive");
  for (const notice of await stores.prepare()) log.warn(notice);
  const importing: ImportOptions = {
    archive: stores.archive,
    filters: filtering ? filters : new Map(),
    upload: { typetag, timezone, orgid },
    now: nowSeconds,
  };
  const reading = { lines: false, name: undefined, maxBytes };
  if (watch !== undefined) {
    return await importComing(watch, reading, importing, context.stopSignal());
  }
  await importAll(context, readInputs(await findInputs(files), reading), importing);
}

function checkArguments(
  files: readonly string[],
  { type: typetag, org: orgid, timezone, watch }: Options,
  typetags: readonly string[],
  command: Command,
): void {
  const refuse = (what: string) => command.error(`error: ${what}`, { exitCode: 2 });
  if ((files.length === 0) === (watch === undefined)) {
    refuse("give either files or --watch FOLDER");
  }
  if (!isSupported(typetag, typetags)) {
    refuse(`type ${typetag} is not supported: add it to archive.typetags`);
  }
  try {
    checkUploadFields({ typetag, timezone, orgid });
  } catch (error) {
    refuse(errorMessage(error));
  }
}

/** Imports what comes into a folder, until the signal aborts. */
async function importComing(
  folder: string,
  reading: InputOptions,
  importing: ImportOptions,
  signal: AbortSignal,
): Promise<void> {
  for await (const path of settledFiles(folder, signal)) {
    for await (const submission of readInputs([path], reading)) {
      await persistently(async () => tell(await importOne(submission, importing)), signal);
    }
  }
}

/** Does it again while the database is away. */
async function persistently(work: () => Promise<void>, signal: AbortSignal): Promise<void> {
  for (let attempts = 0; !signal.aborted; attempts++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      const seconds = Math.min(backoff(attempts), 60);
      log.warn(error.message, { retryIn: `${seconds.toFixed(1)}s` });
      await sleep(seconds * 1000, signal);
    }
  }
}

async function importAll(
  context: Context,
  submissions: ReturnType<typeof readInputs>,
  importing: ImportOptions,
): Promise<void> {
  const imported: Imported[] = [];
  const bar = startProgress("Importing", null);
  try {
    for await (const submission of submissions) {
      const one = await importOne(submission, importing);
      if ("refused" in one || "reason" in one) context.fail();
      imported.push(one);
      bar.add(1);
    }
  } finally {
    bar.stop();
    context.show(imported.map(summary), () => format(imported));
  }
}

/** One line of the log for each file, as it comes. */
function tell(one: Imported): void {
  const { name, ...fields } = summary(one);
  const told = Object.entries(fields).filter(([, value]) => !isEmpty(value));
  const what = "refused" in one ? "Cannot import" : "Imported";
  const level = "refused" in one || "reason" in one ? "warn" : "info";
  log[level](`${what} ${name}`, Object.fromEntries(told));
}

function isEmpty(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

/** What became of a file, in numbers. */
function summary(one: Imported) {
  if ("refused" in one) return one;
  const { name, ref } = one;
  if ("known" in one) return { name, ref, known: true };
  const { filtered, reason } = one;
  return {
    name,
    ref,
    events: filtered?.events.length ?? 0,
    ...(reason !== undefined && { reason }),
    ...(filtered !== undefined && { rejected: filtered.rejected, skipped: filtered.skipped }),
  };
}

function format(imported: readonly Imported[]): string {
  const rows = imported.map((one) => {
    if ("refused" in one) return [one.name, null, `refused: ${one.refused}`];
    if ("known" in one) return [one.name, null, "known already"];
    return [one.name, one.filtered?.events.length ?? 0, remarks(one)];
  });
  return table(["file", "events", "remarks"], rows);
}

function remarks({ filtered, reason }: Exclude<Imported, { refused: string } | { known: true }>) {
  if (reason !== undefined) return `no events: ${reason}`;
  if (filtered === undefined) return "stored as it is: no filter read it";
  const { rejected: [first, ...others], skipped } = filtered;
  return [
    ...(first === undefined
      ? []
      : [`${1 + others.length} records rejected, the first: ${first.record}: ${first.reason}`]),
    ...Object.entries(skipped).map(([what, times]) => `${times} × ${what} passed over`),
  ].join("; ") || null;
}
